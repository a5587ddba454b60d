package io.skerry.device.container;

import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A container's root: its image's layers, read-only, under a writable one of its own. */
final class Overlay {
    /** The kernel takes the options of a mount as one page. */
    private static final int LONGEST_OPTIONS = 4000;

    private final HostCommands commands;
    private final Path mountInfo;

    Overlay(HostCommands commands, Path mountInfo) {
        this.commands = commands;
        this.mountInfo = mountInfo;
    }

    /**
     * Mounts a container's root, unless it is mounted.
     *
     * @throws ProblemException {@code container.too-many-layers} or {@code container.mount-failed}
     */
    void mount(ContainerFolder folder, PreparedImage image) {
        if (isMounted(folder.rootfs())) {
            return;
        }
        String options = options(folder, image);
        if (options.getBytes(StandardCharsets.UTF_8).length > LONGEST_OPTIONS) {
            throw new Problem(
                            "container.too-many-layers",
                            "The image of '" + folder.name() + "' has "
                                    + image.layers().size() + " layers, more than one mount takes.",
                            "Build it with fewer layers.")
                    .asException();
        }
        CommandResult result = commands.run(HostCommand.of(
                        "mount",
                        "-t",
                        "overlay",
                        "overlay",
                        "-o",
                        options,
                        folder.rootfs().toString())
                .in(image.layersRoot()));
        if (!result.succeeded()) {
            throw new Problem(
                            "container.mount-failed",
                            "The file system of '" + folder.name() + "' can't be mounted: " + result.complaint() + ".",
                            "Look whether the kernel has overlayfs and the data folder's file system carries it.")
                    .asException();
        }
    }

    private static String options(ContainerFolder folder, PreparedImage image) {
        // Layers stand by their short names, found from the working folder; the topmost comes first.
        String lower = image.layers().isEmpty()
                ? folder.none().toString()
                : String.join(":", image.layers().reversed());
        return "lowerdir=" + lower + ",upperdir=" + folder.upper() + ",workdir=" + folder.work();
    }

    /** Unmounts a container's root if it is mounted; lazily when somebody still looks into it. */
    void unmount(ContainerFolder folder) {
        String target = folder.rootfs().toString();
        if (isMounted(folder.rootfs())
                && !commands.run(HostCommand.of("umount", target)).succeeded()) {
            commands.run(HostCommand.of("umount", "-l", target)).orFail();
        }
    }

    boolean isMounted(Path at) {
        String escaped = at.toString().replace(" ", "\\040");
        try (var lines = Files.lines(mountInfo, StandardCharsets.ISO_8859_1)) {
            String wanted = new String(escaped.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            return lines.map(l -> l.split(" ", 6)).anyMatch(f -> f.length > 5 && f[4].equals(wanted));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
