package io.skerry.device.watch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.awaitility.Awaitility;

/** Stands where systemd does: hears what is sent to a datagram socket, by the Debian package socat. */
final class NotifySocket implements AutoCloseable {
    private final String name;
    private final Process socat;
    private final StringBuilder heard = new StringBuilder();

    /** @param name a path, or {@code @} and a name in the abstract namespace */
    NotifySocket(String name) throws IOException {
        this.name = name;
        String address = name.startsWith("@") ? "ABSTRACT-RECV:" + name.substring(1) : "UNIX-RECV:" + name;
        socat = new ProcessBuilder("socat", "-u", address, "STDOUT")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread.startVirtualThread(this::listen);
        Awaitility.await()
                .until(() -> new String(
                                java.nio.file.Files.readAllBytes(java.nio.file.Path.of("/proc/net/unix")),
                                StandardCharsets.UTF_8)
                        .contains(name));
    }

    String name() {
        return name;
    }

    /** All lines so far. */
    List<String> heard() {
        synchronized (heard) {
            return heard.toString().lines().toList();
        }
    }

    private void listen() {
        try (InputStream in = socat.getInputStream()) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                synchronized (heard) {
                    heard.append((char) b);
                }
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    @Override
    public void close() {
        socat.destroy();
        socat.onExit().join();
    }
}
