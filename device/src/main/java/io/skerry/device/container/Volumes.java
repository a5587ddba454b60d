package io.skerry.device.container;

import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.desired.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Directories that outlive containers. A new one takes content, owner and mode of what the image has at its target, as
 * Docker's named volumes do.
 */
final class Volumes {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    private static final Duration COPY_LIMIT = Duration.ofMinutes(5);
    private static final List<String> TAKEN = List.of("/proc", "/sys", "/dev", "/host", "/run");

    private final Path root;
    private final HostCommands commands;

    Volumes(Path root, HostCommands commands) {
        this.root = root;
        this.commands = commands;
    }

    /**
     * Makes what is missing of a container's volumes.
     *
     * @param rootFs the mounted root of the container, in which nothing runs
     * @throws ProblemException {@code container.volume} when a name or target can't be one
     */
    List<RuntimeSpec.Bind> prepare(String container, List<VolumeMount> mounts, RootFs rootFs) {
        return mounts.stream().map(m -> prepare(container, m, rootFs)).toList();
    }

    private RuntimeSpec.Bind prepare(String container, VolumeMount mount, RootFs rootFs) {
        check(container, mount);
        Path volume = root.resolve(container).resolve(mount.source());
        if (!Files.isDirectory(volume, LinkOption.NOFOLLOW_LINKS)) {
            try {
                create(volume, rootFs.resolve(mount.target()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new RuntimeSpec.Bind(volume, mount.target());
    }

    private void create(Path volume, Path like) throws IOException {
        Files.createDirectories(volume.getParent());
        // Its name can't be a volume's: it begins with a dot.
        Path fresh = volume.resolveSibling("." + volume.getFileName() + ".new");
        delete(fresh);
        Files.createDirectory(fresh);
        if (Files.isDirectory(like, LinkOption.NOFOLLOW_LINKS)) {
            if (!isEmpty(like)) {
                commands.run(HostCommand.of("cp", "-a", "--", like + "/.", fresh.toString())
                                .within(COPY_LIMIT))
                        .orFail();
                // Else a loss of power could leave the name without the content, which would never be copied again.
                commands.run(HostCommand.of("sync", "-f", fresh.toString()).within(COPY_LIMIT))
                        .orFail();
            }
            for (String attribute : List.of("unix:uid", "unix:gid", "unix:mode")) {
                Files.setAttribute(fresh, attribute, Files.getAttribute(like, attribute));
            }
        } else {
            Files.setAttribute(fresh, "unix:mode", 0755);
        }
        Files.move(fresh, volume, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes all volumes of a container. */
    void remove(String container) {
        delete(root.resolve(container));
    }

    private void delete(Path folder) {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            // A container may have made paths that are too long for Java.
            commands.run(HostCommand.of("rm", "-rf", "--one-file-system", "--", folder.toString()))
                    .orFail();
        }
    }

    private static boolean isEmpty(Path folder) throws FileSystemException, IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.findAny().isEmpty();
        }
    }

    private static void check(String container, VolumeMount mount) {
        String target = mount.target();
        boolean taken =
                TAKEN.stream().anyMatch(t -> target.equals(t) || (!t.equals("/run") && target.startsWith(t + "/")));
        boolean malformed = !target.startsWith("/")
                || target.equals("/")
                || target.endsWith("/")
                || target.indexOf('\0') >= 0
                || Stream.of(target.substring(1).split("/", -1))
                        .anyMatch(p -> p.isEmpty() || p.equals(".") || p.equals(".."));
        if (taken || malformed || !NAME.matcher(mount.source()).matches()) {
            throw new Problem(
                            "container.volume",
                            "'" + container + "' can't have a volume '" + Text.shortened(mount.source(), 60) + "' at '"
                                    + Text.shortened(target, 100) + "'.",
                            "Name it by letters, digits, dots, dashes and underscores, and use an absolute path outside"
                                    + " of /proc, /sys, /dev, /host and /run.")
                    .asException();
        }
    }
}
