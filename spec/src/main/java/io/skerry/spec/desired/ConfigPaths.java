package io.skerry.spec.desired;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a container can have a configuration file. */
public final class ConfigPaths {
    private static final int LONGEST = 1024;
    private static final Pattern FORM = Pattern.compile("(?:/[^/\\p{Cntrl}]+)+");
    /** What a device fills itself; {@code /run} is empty at each start, and files can be in it. */
    private static final List<String> TAKEN = List.of("/proc", "/sys", "/dev", "/host");

    private static final List<String> TAKEN_ALONE = List.of("/run", "/etc/hosts");

    private ConfigPaths() {}

    /** Why not here, to go on with after the path and "which"; nothing when it can be. */
    public static Optional<String> fault(String path) {
        boolean clean = path.length() <= LONGEST
                && FORM.matcher(path).matches()
                && Stream.of(path.split("/", -1)).noneMatch(part -> part.equals(".") || part.equals(".."));
        if (!clean) {
            return Optional.of("isn't an absolute path of at most " + LONGEST
                    + " characters without '.', '..', '//' or a slash at its end");
        }
        if (TAKEN_ALONE.contains(path)) {
            return Optional.of("the device fills itself");
        }
        return TAKEN.stream()
                .filter(taken -> path.equals(taken) || path.startsWith(taken + "/"))
                .findFirst()
                .map(taken -> "lies in " + taken + ", which the device fills itself");
    }
}
