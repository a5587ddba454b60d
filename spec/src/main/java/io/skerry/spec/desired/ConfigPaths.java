package io.skerry.spec.desired;

import io.skerry.spec.Text;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a container can have a configuration file. */
public final class ConfigPaths {
    private static final int LONGEST = 1024;
    private static final int LONGEST_PART = 255;
    private static final Pattern FORM = Pattern.compile("(?:/[^/\\p{Cntrl}]+)+");
    /** What a device fills itself; {@code /run} is empty at each start, and files can be in it. */
    private static final List<String> TAKEN = List.of("/proc", "/sys", "/dev", "/host", "/etc/hosts");

    private static final List<String> TAKEN_ALONE = List.of("/run", "/etc", "/etc/hosts");

    private ConfigPaths() {}

    /** Why not here, to go on with after the path and "which"; nothing when it can be. */
    public static Optional<String> fault(String path) {
        boolean clean = path.length() <= LONGEST
                && bytes(path) <= LONGEST
                && FORM.matcher(path).matches()
                && Stream.of(path.split("/", -1))
                        .noneMatch(part -> part.equals(".") || part.equals("..") || bytes(part) > LONGEST_PART);
        if (!clean) {
            return Optional.of("isn't an absolute path of at most " + LONGEST + " bytes, " + LONGEST_PART
                    + " between two slashes, without '.', '..', '//' or a slash at its end");
        }
        if (TAKEN_ALONE.contains(path)) {
            return Optional.of("the device fills itself");
        }
        return TAKEN.stream()
                .filter(taken -> path.equals(taken) || path.startsWith(taken + "/"))
                .findFirst()
                .map(taken -> "lies in " + taken + ", which the device fills itself");
    }

    /**
     * Why these can't be in one container: one's path must be a folder for another one, or a volume is at it.
     *
     * @param files paths without {@link #fault}
     * @param volumes where the container's volumes are; a file may be in one
     */
    public static Optional<String> clash(Collection<String> files, Collection<String> volumes) {
        List<String> targets = volumes.stream().map(ConfigPaths::plain).toList();
        return files.stream()
                .flatMap(file -> Stream.concat(
                        files.stream()
                                .filter(other -> other.startsWith(file + "/"))
                                .map(other ->
                                        "'" + shown(file) + "' is a file, so '" + shown(other) + "' can't lie in it"),
                        targets.stream()
                                .filter(target -> (target + "/").startsWith(file + "/"))
                                .map(target -> "'" + shown(file) + "' is a file, so no volume can be at '"
                                        + shown(target) + "'")))
                .findFirst();
    }

    /** Without what changes nothing about where it is. */
    private static String plain(String target) {
        return Stream.of(target.split("/", -1))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .map(part -> "/" + part)
                .collect(Collectors.joining());
    }

    private static String shown(String path) {
        return Text.shortened(path, 60);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
