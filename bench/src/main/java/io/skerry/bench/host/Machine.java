package io.skerry.bench.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * On what was measured.
 *
 * @param memory in gigabytes of 2<sup>30</sup> bytes
 * @param load the mean number of processes that wanted a processor in the last minute
 */
public record Machine(int cores, String processor, String kernel, double memory, String java, double load) {
    public static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                after(read("/proc/cpuinfo"), "model name\t: "),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Long.parseLong(after(read("/proc/meminfo"), "MemTotal:").replaceAll("\\D", "")) / (1024.0 * 1024.0),
                System.getProperty("java.vendor.version", "") + " " + System.getProperty("java.runtime.version"),
                Double.parseDouble(read("/proc/loadavg").split(" ", 2)[0]));
    }

    /** The rest of the first line that begins so; "unknown" when there is none. */
    static String after(String text, String beginning) {
        return text.lines()
                .filter(l -> l.startsWith(beginning))
                .map(l -> l.substring(beginning.length()).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String words() {
        return String.format(
                Locale.ROOT,
                "%d cores (%s), %.0f GB memory, %s, JDK %s, load %.1f at the start",
                cores,
                processor,
                memory,
                kernel,
                java.strip(),
                load);
    }
}
