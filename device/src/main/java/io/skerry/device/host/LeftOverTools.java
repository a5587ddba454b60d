package io.skerry.device.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final String CONMON = "conmon";

    private LeftOverTools() {}

    /**
     * Ends those of an owner, before anything is done for it by this process. Containers' parents are left alone, with what they
     * do: the next start of a container sees to these.
     */
    public static void end(Path owner) {
        String mark = MARK + "=" + owner;
        List<ProcessHandle> ended = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (words(process.resolve("environ")).contains(mark)) {
                    ProcessHandle.of(Long.parseLong(String.valueOf(process.getFileName())))
                            .filter(p -> !keepsContainers(p))
                            .ifPresent(ended::add);
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the tools of an earlier daemon can't be looked for", e);
        }
        for (ProcessHandle tool : ended) {
            LOG.log(System.Logger.Level.INFO, "ending what an earlier daemon began: {0}", tool.info());
            tool.destroyForcibly();
        }
        ended.forEach(LeftOverTools::await);
    }

    /** Or does something for one that does. */
    private static boolean keepsContainers(ProcessHandle process) {
        return Stream.iterate(Optional.of(process), Optional::isPresent, p -> p.flatMap(ProcessHandle::parent))
                .flatMap(Optional::stream)
                .anyMatch(p -> words(Path.of("/proc", Long.toString(p.pid()), "cmdline")).stream()
                        .anyMatch(w -> w.endsWith(CONMON)));
    }

    /** A process that has ended meanwhile has none. */
    private static List<String> words(Path file) {
        try {
            return List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0", -1));
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
