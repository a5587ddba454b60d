package io.skerry.bench.host;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of a process as {@code /proc/PID/smaps_rollup} tells it, in megabytes of 2<sup>20</sup> bytes.
 *
 * @param resident all its pages that are in memory
 * @param proportional the same, a page that n processes share counted as one n-th
 * @param anonymous the proportional part that no file stands behind, which the kernel can't drop; 0 where the kernel doesn't
 *     tell
 */
public record MemoryUse(double resident, double proportional, double anonymous) {
    /** @throws ProblemException {@code bench.process-gone} */
    public static MemoryUse of(long pid) {
        Path file = Path.of("/proc/" + pid + "/smaps_rollup");
        try {
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new Problem(
                            "bench.process-gone",
                            "The memory of process " + pid + " can't be read: it ended, or this is not root.")
                    .asException(e);
        }
    }

    static MemoryUse parse(String rollup) {
        return new MemoryUse(field(rollup, "Rss"), field(rollup, "Pss"), field(rollup, "Pss_Anon"));
    }

    private static double field(String rollup, String name) {
        Matcher m =
                Pattern.compile("^" + name + ": +(\\d+) kB$", Pattern.MULTILINE).matcher(rollup);
        return m.find() ? Long.parseLong(m.group(1)) / 1024.0 : 0;
    }
}
