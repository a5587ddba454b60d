package io.skerry.lab.host;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts programs that go on when this one ends: in a session of their own, without input, their words in a log file. */
public final class Daemon {
    private static final long MOST_LOG = 8L * 1024 * 1024;

    private Daemon() {}

    /**
     * Starts a program.
     *
     * @param network the network namespace to start it in; empty for the host's own
     * @throws ProblemException {@code host.command-missing}
     */
    public static RunningProcess start(
            String network, List<String> command, Map<String, String> environment, Path log) {
        List<String> whole = new ArrayList<>(List.of("setsid"));
        if (!network.isEmpty()) {
            // Not 'ip netns exec': it hides /sys/fs/cgroup under a fresh /sys, and containers need their groups.
            whole.addAll(List.of("nsenter", "--net=/run/netns/" + network));
        }
        whole.addAll(command);
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            if (Files.exists(log) && Files.size(log) > MOST_LOG) {
                Files.move(
                        log,
                        log.resolveSibling(log.getFileName() + ".1"),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            ProcessBuilder builder = new ProcessBuilder(whole)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            // setsid and nsenter become the program: the number stays, and so does the start time.
            return RunningProcess.of(process.pid()).orElseThrow(() -> ended(command, log));
        } catch (IOException e) {
            throw new Problem(
                            "host.command-missing",
                            "'" + String.join(" ", whole.subList(0, Math.min(4, whole.size()))) + "' can't be started: "
                                    + e.getMessage() + ".",
                            "Run './skerry up' as root once: it installs what is missing.")
                    .asException(e);
        }
    }

    /** The problem of a program that ended when it should have gone on, with the last words of its log. */
    public static ProblemException ended(List<String> command, Path log) {
        return new Problem(
                        "lab.program-ended",
                        "'" + Path.of(command.getFirst()).getFileName() + "' ended by itself: " + lastWords(log),
                        "All that it said stands in " + log + ".")
                .asException();
    }

    /** The last lines of a log in one. */
    public static String lastWords(Path log) {
        try {
            List<String> lines = Files.readString(log, StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank())
                    .toList();
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
        } catch (IOException | UncheckedIOException e) {
            return "(no log)";
        }
    }

    /** Marks in a log that something begins anew. */
    public static void mark(Path log, String words) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            Files.writeString(log, "--- " + words + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
