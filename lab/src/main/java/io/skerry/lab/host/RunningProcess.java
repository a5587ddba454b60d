package io.skerry.lab.host;

import io.avaje.jsonb.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A process that may outlive the one that started it: known by its number and its start time, so that a number used again
 * by a stranger is never taken for it.
 *
 * @param pid the process's number
 * @param startTicks field 22 of {@code /proc/PID/stat}
 */
@Json
public record RunningProcess(long pid, long startTicks) {
    /** The process of this number, if there is one now. */
    public static Optional<RunningProcess> of(long pid) {
        return stat(pid).filter(s -> !s.zombie()).map(s -> new RunningProcess(pid, s.startTicks()));
    }

    public boolean alive() {
        return stat(pid)
                .filter(s -> s.startTicks() == startTicks && !s.zombie())
                .isPresent();
    }

    /** Asks it to end, and kills it when it has not after this long. */
    public void stop(Duration grace) {
        if (!alive()) {
            return;
        }
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        if (!ended(grace)) {
            kill();
        }
    }

    /** Ends it at once, as a crash would. */
    public void kill() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            ended(Duration.ofSeconds(5));
        }
    }

    private boolean ended(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (alive()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Pause.of(Duration.ofMillis(20));
        }
        return true;
    }

    /** @param zombie also its last thread has ended, so that it holds no files and locks any more */
    private record Stat(boolean zombie, long startTicks) {}

    private static Optional<Stat> stat(long pid) {
        try {
            String line = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The second field is the program's name in brackets, and may itself hold spaces and brackets.
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            boolean gone = (fields[0].equals("Z") || fields[0].equals("X")) && fields[17].equals("1");
            return Optional.of(new Stat(gone, Long.parseLong(fields[19])));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
