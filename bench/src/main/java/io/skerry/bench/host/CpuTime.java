package io.skerry.bench.host;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor time that a process has used. */
public final class CpuTime {
    /** Linux tells programs in hundredths of a second (USER_HZ) on all of Skerry's architectures, whatever the kernel's tick. */
    private static final double TICKS_PER_SECOND = 100;

    private CpuTime() {}

    /**
     * In its own code and in the kernel, all threads, in seconds.
     *
     * @throws ProblemException {@code bench.process-gone}
     */
    public static double seconds(long pid) {
        try {
            return parse(Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new Problem("bench.process-gone", "Process " + pid + " ended while it was measured.").asException(e);
        }
    }

    /** That of this process, finer than the kernel's files tell it. */
    public static double ownSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    static double parse(String stat) {
        // The second field is the program's name in brackets, and may itself hold blanks and brackets.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }
}
