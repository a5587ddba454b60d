package io.skerry.device.host;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the host's own tools: the only class of the daemon that starts processes.
 *
 * <p>Guarantees: no shell; a cleared environment; a time limit after which the process is killed; output is read to its end but
 * kept only up to {@link #CAPTURED_BYTES}. A thread that is interrupted meanwhile kills the process. Safe for use by several
 * threads. Not final only so that tests can stand between a tool and who runs it.
 */
public class HostCommands {
    /** How much of each of a tool's outputs is kept; the rest is read and dropped. */
    public static final int CAPTURED_BYTES = 64 << 10;

    private static final int LINE_BYTES = 16 << 10;
    /** Where programs are looked for that are given by name. */
    public static final List<String> SEARCH_PATH =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    /** How long output may stay open after its process ended, because a child of it holds it. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final Map<String, String> DEBIAN_PACKAGES = Map.ofEntries(
            Map.entry("runc", "runc"),
            Map.entry("conmon", "conmon"),
            Map.entry("busybox", "busybox-static"),
            Map.entry("mount", "mount"),
            Map.entry("umount", "mount"),
            Map.entry("nsenter", "util-linux"),
            Map.entry("unshare", "util-linux"),
            Map.entry("ip", "iproute2"),
            Map.entry("nft", "nftables"),
            Map.entry("wg", "wireguard-tools"),
            Map.entry("sh", "dash"),
            Map.entry("cp", "coreutils"),
            Map.entry("rm", "coreutils"),
            Map.entry("sync", "coreutils"),
            Map.entry("kill", "procps"));

    private final Map<String, String> mark;

    public HostCommands() {
        this.mark = Map.of();
    }

    /** @param owner by which {@link LeftOverTools} finds the tools that outlive this process */
    public HostCommands(Path owner) {
        this.mark = Map.of(LeftOverTools.MARK, owner.toString());
    }

    /**
     * Runs a tool to its end. What processes write that it leaves in the background doesn't count.
     *
     * @throws ProblemException {@code host.command-missing} (naming the Debian package), {@code host.command-not-started}, {@code
     *     host.command-timeout}, {@code host.command-interrupted}; how it ended is in the result
     */
    public CommandResult run(HostCommand command) {
        return withProcess(command, process -> {
            feed(process, command, true);
            CompletableFuture<String> out = captured(process.getInputStream(), command.endKept());
            CompletableFuture<String> err = captured(process.getErrorStream(), command.endKept());
            if (!ended(process, command.limit())) {
                throw timeout(command);
            }
            return new CommandResult(
                    command.program(),
                    process.exitValue(),
                    command.redacted(within(out, LINGER)),
                    command.redacted(within(err, LINGER)));
        });
    }

    /**
     * Runs a tool until it has written its first line to its standard output, which is returned without its end (at most 16
     * KiB; empty when it ends without a word). Its input stays open until then; then it is killed.
     *
     * @throws ProblemException as {@link #run}
     */
    public String firstLine(HostCommand command) {
        return withProcess(command, process -> {
            feed(process, command, false);
            CompletableFuture<String> line = onOwnThread(() -> readLine(process.getInputStream()));
            String said;
            try {
                said = line.get(command.limit().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw timeout(command);
            } catch (ExecutionException e) {
                throw new IllegalStateException("reading a process's output doesn't fail", e);
            }
            return command.redacted(said);
        });
    }

    private interface Use<T> {
        T of(Process process) throws InterruptedException;
    }

    private <T> T withProcess(HostCommand command, Use<T> use) {
        Process process = launch(command);
        try {
            return use.of(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.command-interrupted", "'" + command + "' was interrupted.").asException(e);
        } finally {
            // Does nothing to a process that has ended.
            process.destroyForcibly();
            close(process);
        }
    }

    private Process launch(HostCommand command) {
        ProcessBuilder builder = new ProcessBuilder(command.arguments())
                .directory(command.folder().toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", String.join(":", SEARCH_PATH));
        environment.put("LC_ALL", "C.UTF-8");
        environment.putAll(mark);
        environment.putAll(command.environment());
        try {
            return builder.start();
        } catch (IOException e) {
            throw notStarted(command, e);
        }
    }

    private static ProblemException notStarted(HostCommand command, IOException e) {
        String program = Text.shortened(command.arguments().getFirst(), 200);
        if (isHere(command.arguments().getFirst())) {
            return new Problem(
                            "host.command-not-started",
                            "The program '" + program + "' can't be started: "
                                    + Text.shortened(String.valueOf(e.getMessage()), 400) + ".",
                            "Look whether the machine lacks memory or has too many processes, and at the program's"
                                    + " permissions; it is tried again by itself.")
                    .asException(e);
        }
        String name = DEBIAN_PACKAGES.getOrDefault(command.program(), command.program());
        return new Problem(
                        "host.command-missing",
                        "The program '" + program + "' can't be started on this device.",
                        "Install the Debian package " + name + ".")
                .asException(e);
    }

    private static boolean isHere(String program) {
        return program.contains("/")
                ? Files.exists(Path.of(program))
                : SEARCH_PATH.stream().anyMatch(folder -> Files.exists(Path.of(folder, program)));
    }

    private static ProblemException timeout(HostCommand command) {
        return new Problem(
                        "host.command-timeout",
                        "'" + command + "' didn't end within " + command.limit().toMillis() + " ms.",
                        "Look whether the machine is overloaded.")
                .asException();
    }

    private static boolean ended(Process process, Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void feed(Process process, HostCommand command, boolean whole) {
        OutputStream input = process.getOutputStream();
        try {
            input.write(command.input().getBytes(StandardCharsets.UTF_8));
            input.flush();
            if (whole) {
                input.close();
            }
        } catch (IOException _) {
            // The program ended or closed its input without reading all of it; how it ended tells the rest.
        }
    }

    private static CompletableFuture<String> captured(InputStream stream, boolean endKept) {
        return onOwnThread(() -> endKept ? readEnd(stream) : readBounded(stream));
    }

    private interface Reading {
        String read() throws IOException;
    }

    private static CompletableFuture<String> onOwnThread(Reading reading) {
        CompletableFuture<String> read = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                read.complete(reading.read());
            } catch (IOException _) {
                // The pipe was closed under the reader because the process was given up.
                read.complete("");
            }
        });
        return read;
    }

    private static String readBounded(InputStream stream) throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
        byte[] buffer = new byte[8192];
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
            kept.write(buffer, 0, Math.min(n, CAPTURED_BYTES - kept.size()));
        }
        return kept.toString(StandardCharsets.UTF_8);
    }

    private static String readEnd(InputStream stream) throws IOException {
        byte[] kept = new byte[0];
        byte[] buffer = new byte[8192];
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
            int old = Math.min(kept.length, CAPTURED_BYTES - n);
            byte[] next = Arrays.copyOfRange(kept, kept.length - old, kept.length + n);
            System.arraycopy(buffer, 0, next, old, n);
            kept = next;
        }
        return new String(kept, StandardCharsets.UTF_8);
    }

    private static String readLine(InputStream stream) throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(256);
        for (int b = stream.read(); b >= 0 && b != '\n' && kept.size() < LINE_BYTES; b = stream.read()) {
            kept.write(b);
        }
        return kept.toString(StandardCharsets.UTF_8);
    }

    private static String within(CompletableFuture<String> output, Duration limit) throws InterruptedException {
        try {
            return output.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return "";
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading a process's output doesn't fail", e);
        }
    }

    private static void close(Process process) {
        try {
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException _) {
            // Nothing is lost: what was needed of the process has been read.
        }
    }
}
