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
 * A folder of the host as a guest sees it, by QEMU's {@code virtiofsd}. The guest mounts it read-only, yet sees all of it: guests
 * that see the host's root are for the project's own programs. It ends with the machine that uses it.
 */
final class SharedFolder implements AutoCloseable {
    /** Part of Debian's qemu-system-common. */
    static final Path PROGRAM = Path.of("/usr/lib/qemu/virtiofsd");

    private final Process process;

    SharedFolder(Path folder, Path socket, Path log) {
        try {
            this.process = new ProcessBuilder(
                            PROGRAM.toString(),
                            "--socket-path=" + socket,
                            "-o",
                            "source=" + folder,
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
            throw new Problem(
                            "lab.folder-not-shared", folder + " can't be shared with a guest: " + Daemon.lastWords(log))
                    .asException();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Pause.until(Duration.ofSeconds(10), () -> !process.isAlive());
    }
}
