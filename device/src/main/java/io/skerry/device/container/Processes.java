package io.skerry.device.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The machine's processes, as {@code /proc} shows them. */
record Processes(Path proc) {
    /** The process that has this number now, unless there is none or it is only waiting to be reaped. */
    Optional<ProcessId> now(long pid) {
        if (pid <= 0) {
            return Optional.empty();
        }
        try {
            return parse(pid, Files.readString(proc.resolve(String.valueOf(pid)).resolve("stat")));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    boolean run(ProcessId process) {
        return now(process.pid()).filter(process::equals).isPresent();
    }

    /** Waits until a process is gone, at most this many milliseconds; whether it is. */
    boolean gone(ProcessId process, long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        while (run(process)) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return true;
    }

    /** proc_pid_stat(5): the name in parentheses may itself hold anything. */
    private static Optional<ProcessId> parse(long pid, String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        if (fields.length < 20 || fields[0].equals("Z") || fields[0].equals("X")) {
            return Optional.empty();
        }
        return Optional.of(new ProcessId(pid, Long.parseLong(fields[19])));
    }
}
