package io.skerry.device.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The tools that a daemon had running when it was killed. They go on, and what they mount, copy or delete then would be in the
 * way of the next daemon, which does the same once more.
 */
public final class LeftOverTools {
    /** A variable in the environment of each tool that says whose it is. */
    static final String MARK = "SKERRY_TOOL_OF";

    private static final System.Logger LOG = System.getLogger(LeftOverTools.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final List<String> NONE = List.of("");
    /** Some programs have no environment for good. */
    private static final int MOST_LOOKS = 10;

    private static final int MOST_ROUNDS = 20;

    private static final long PAUSE_NANOS = 300_000;

    /** A tool's environment is the daemon's and the mark. */
    private static final int MOST_BYTES = 64 << 10;

    private static final String CONMON = "conmon";

    private LeftOverTools() {}

    /**
     * Ends those of an owner, before anything is done for it by this process. Containers' parents are left alone, with what they
     * do: the next start of a container sees to these.
     */
    public static void end(Path owner) {
        String mark = MARK + "=" + owner;
        // A tool that begot another one after that one's place in the list was passed can't do so once it is ended:
        // unshare does.
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<ProcessHandle> found = marked(mark);
            if (found.isEmpty()) {
                return;
            }
            for (ProcessHandle tool : found) {
                LOG.log(System.Logger.Level.INFO, "ending what an earlier daemon began: {0}", tool.info());
                tool.destroyForcibly();
            }
            found.forEach(LeftOverTools::await);
        }
        LOG.log(System.Logger.Level.WARNING, "the tools of an earlier daemon go on begetting others");
    }

    private static List<ProcessHandle> marked(String mark) {
        return processes().stream()
                .filter(p -> environment(p).contains(mark))
                .flatMap(p -> ProcessHandle.of(Long.parseLong(String.valueOf(p.getFileName()))).stream())
                .filter(p -> !keepsContainers(p))
                .toList();
    }

    private static List<Path> processes() {
        try (Stream<Path> listed = Files.list(Path.of("/proc"))) {
            return listed.filter(p ->
                            Character.isDigit(String.valueOf(p.getFileName()).charAt(0)))
                    .toList();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the tools of an earlier daemon can't be looked for", e);
            return List.of();
        }
    }

    /** For a moment execve(2) leaves a process with its new program and without any: such a one is looked at again. */
    private static List<String> environment(Path process) {
        List<String> found = words(process.resolve("environ"));
        for (int looks = 1; found.equals(NONE) && looks < MOST_LOOKS && Files.exists(process.resolve("exe")); looks++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            found = words(process.resolve("environ"));
        }
        return found;
    }

    /** Or does something for one that does. */
    private static boolean keepsContainers(ProcessHandle process) {
        return Stream.iterate(Optional.of(process), Optional::isPresent, p -> p.flatMap(ProcessHandle::parent))
                .flatMap(Optional::stream)
                .anyMatch(p -> words(Path.of("/proc", Long.toString(p.pid()), "cmdline")).stream()
                        .anyMatch(w -> w.endsWith(CONMON)));
    }

    /** Read by one call to the kernel: between two the process may become another program. One that has ended has none. */
    private static List<String> words(Path file) {
        byte[] buffer = new byte[MOST_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            int length = Math.max(0, in.read(buffer));
            return List.of(new String(buffer, 0, length, StandardCharsets.ISO_8859_1).split("\0", -1));
        } catch (IOException _) {
            return List.of();
        }
    }

    private static void await(ProcessHandle tool) {
        try {
            tool.onExit().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "a tool of an earlier daemon doesn't end: " + tool.info(), e);
        }
    }
}
