package io.skerry.lab.vm;

import io.skerry.lab.host.Daemon;
import io.skerry.lab.host.Pause;
import io.skerry.spec.Problem;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The host's root as a guest sees it, by QEMU's {@code virtiofsd}. The guest mounts it read-only, yet sees all of it: it is for
 * the project's own programs. It ends with the machine that uses it.
 */
final class SharedRoot implements AutoCloseable {
    /** Part of Debian's qemu-system-common. */
    static final Path PROGRAM = Path.of("/usr/lib/qemu/virtiofsd");

    private final Process process;

    SharedRoot(Path socket, Path log) {
        try {
            this.process = new ProcessBuilder(
                            PROGRAM.toString(),
                            "--socket-path=" + socket,
                            "-o",
                            "source=/",
                            "-o",
                            "cache=always",
                            "-o",
                            "sandbox=chroot")
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(log.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean there = Pause.until(Duration.ofSeconds(20), () -> Files.exists(socket) || !process.isAlive())
                && process.isAlive();
        if (!there) {
            close();
            throw new Problem("lab.no-shared-root", "The host's root can't be shared: " + Daemon.lastWords(log))
                    .asException();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Pause.until(Duration.ofSeconds(10), () -> !process.isAlive());
    }
}
