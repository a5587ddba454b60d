package io.skerry.device.container;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.desired.VolumeMount;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a container's volumes are; these are made by others, before it is started. */
final class VolumeBinds {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    private static final List<String> TAKEN = List.of("/proc", "/sys", "/dev", "/host", "/run");

    private VolumeBinds() {}

    /**
     * A container's volumes as they are bound into it.
     *
     * @param volumes in which each container has a folder
     * @throws ProblemException {@code container.volume} when a name or target can't be one, or a volume isn't there
     */
    static List<RuntimeSpec.Bind> of(Path volumes, String container, List<VolumeMount> mounts) {
        return mounts.stream()
                .map(m -> bind(volumes.resolve(container), container, m))
                .toList();
    }

    private static RuntimeSpec.Bind bind(Path volumes, String container, VolumeMount mount) {
        check(container, mount);
        Path volume = volumes.resolve(mount.source());
        if (!Files.isDirectory(volume, LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem(
                            "container.volume",
                            "The volume '" + mount.source() + "' of '" + container + "' isn't there.",
                            "Look whether somebody removed it from the data folder.")
                    .asException();
        }
        return new RuntimeSpec.Bind(volume, mount.target());
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
