package io.skerry.system;

import io.skerry.lab.VirtualDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A disk that fails beneath one running program and all that it starts meanwhile; strace stands in the disk's place. Closing
 * it makes the disk well again, and the program goes on.
 */
final class FaultyDisk implements AutoCloseable {
    /** With which a program makes sure that what it wrote is kept. */
    private static final String KEEPING = "fsync,fdatasync,syncfs";

    /** With which it makes room for something new. Not writing as such, for sockets and logs are written to as well. */
    private static final String MAKING = "?mkdir,mkdirat,?rename,renameat,renameat2,?symlink,symlinkat,fallocate";

    private final Path seen;
    private final Runnable mend;

    private FaultyDisk(Path seen, Runnable mend) {
        this.seen = seen;
        this.mend = mend;
    }

    /**
     * Starts a device's daemon, of whose calls from the very first on none keeps anything. When the disk is well again the
     * daemon is started anew, as after a crash.
     */
    static FaultyDisk failingFromTheStart(VirtualDevice device, Path seen) {
        try {
            Files.deleteIfExists(seen);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        FaultyDisk disk = new FaultyDisk(seen, () -> {
            device.kill();
            device.start();
        });
        try {
            device.startBy(strace(seen, KEEPING, "EIO", "1+"));
            Fleet.waiting().until(() -> Files.exists(seen));
        } catch (RuntimeException | Error e) {
            disk.close();
            throw e;
        }
        return disk;
    }

    /**
     * Nothing that is written is kept any more.
     *
     * @param when which of these calls of each thread fail, in strace's words: {@code 1+} all, {@code 5+} from the fifth on
     */
    static FaultyDisk failing(long program, Path seen, String when) {
        return beneath(program, seen, KEEPING, "EIO", when);
    }

    /** There is no room for anything new. */
    static FaultyDisk full(long program, Path seen) {
        return beneath(program, seen, KEEPING + "," + MAKING, "ENOSPC", "1+");
    }

    private static FaultyDisk beneath(long program, Path seen, String calls, String error, String when) {
        List<String> command = strace(seen, calls, error, when);
        command.addAll(List.of("-p", Long.toString(program)));
        try {
            Files.deleteIfExists(seen);
            Process strace = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            FaultyDisk disk = new FaultyDisk(seen, () -> end(strace));
            Fleet.waiting().until(() -> !strace.isAlive() || isTraced(program));
            return disk;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Not filtered by the kernel: what lives on after strace would find no such calls any more. */
    private static List<String> strace(Path seen, String calls, String error, String when) {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", seen.toString()));
        command.addAll(List.of("-e", "signal=none", "-e", "trace=" + calls));
        command.addAll(List.of("-e", "inject=" + calls + ":error=" + error + ":when=" + when));
        return command;
    }

    /** All threads, for each of them writes. */
    private static boolean isTraced(long program) {
        try (var threads = Files.newDirectoryStream(Path.of("/proc/" + program + "/task"))) {
            for (Path thread : threads) {
                if (Shell.file(thread.resolve("status").toString()).contains("TracerPid:\t0\n")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** How many calls have failed so far. */
    long failures() {
        try {
            return Files.readString(seen, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("(INJECTED)"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        mend.run();
    }

    private static void end(Process strace) {
        strace.destroy();
        try {
            if (!strace.waitFor(30, TimeUnit.SECONDS)) {
                strace.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
