package io.skerry.lab.host;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs tools of the host to their end: an argument list, never a shell line; bounded in time and output. */
public final class HostTools {
    private static final int MOST_OUTPUT = 256 * 1024;
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** What a tool said. */
    public record Result(int exitCode, String output, String errors) {
        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    /**
     * Runs a tool and expects it to succeed; the answer is its output.
     *
     * @throws ProblemException {@code host.command-missing}, {@code host.command-timeout} or {@code host.command-failed}
     */
    public String run(String... command) {
        return runWithInput("", command);
    }

    /** As {@link #run}, with something to read: the way for secrets, which never stand in an argument list. */
    public String runWithInput(String input, String... command) {
        Result result = attempt(input, Duration.ofSeconds(60), List.of(command));
        if (!result.succeeded()) {
            throw new Problem(
                            "host.command-failed",
                            "'" + shown(List.of(command)) + "' failed with exit code " + result.exitCode() + ": "
                                    + Text.shortened(result.errors().strip(), 500))
                    .asException();
        }
        return result.output();
    }

    /**
     * Runs a tool that may fail.
     *
     * @throws ProblemException {@code host.command-missing} or {@code host.command-timeout}
     */
    public Result attempt(String... command) {
        return attempt("", Duration.ofSeconds(60), List.of(command));
    }

    /** As {@link #attempt(String...)}, with its input and time limit. */
    public Result attempt(String input, Duration limit, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().retainAll(List.of("HOME", "TMPDIR", "XDG_RUNTIME_DIR"));
        builder.environment().put("PATH", PATH);
        builder.environment().put("LC_ALL", "C");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new Problem(
                            "host.command-missing",
                            "The program '" + command.getFirst() + "' can't be started.",
                            "Run './skerry up' as root once: it installs what is missing.")
                    .asException(e);
        }
        Captured output = Captured.of(process.getInputStream());
        Captured errors = Captured.of(process.getErrorStream());
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading all of it; its exit code tells what to think of that.
            process.onExit().join();
        }
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new Problem(
                                "host.command-timeout",
                                "'" + shown(command) + "' did not end within " + limit.toSeconds() + " s.")
                        .asException();
            }
            return new Result(process.exitValue(), output.text(), errors.text());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "'" + shown(command) + "' was interrupted.").asException(e);
        }
    }

    private static String shown(List<String> command) {
        return Text.shortened(String.join(" ", command), 200);
    }

    /** What a stream says, read on a thread of its own up to a bound; the rest is read and dropped. */
    private record Captured(Thread reader, StringBuilder into) {
        static Captured of(InputStream stream) {
            StringBuilder into = new StringBuilder();
            Thread reader = Thread.ofVirtual().start(() -> {
                try (stream) {
                    byte[] kept = stream.readNBytes(MOST_OUTPUT);
                    into.append(new String(kept, StandardCharsets.UTF_8));
                    stream.transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException e) {
                    into.append("(its output can't be read: ").append(e.getMessage()).append(')');
                }
            });
            return new Captured(reader, into);
        }

        String text() throws InterruptedException {
            // A grandchild may hold the pipe open; what it says later belongs to nobody here.
            return reader.join(Duration.ofSeconds(2)) ? into.toString() : "";
        }
    }
}
