package io.skerry.device.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a container's log from its oldest line on and across rotations, as far as it is written. One thread's own. Keeps one
 * line in memory, of which at most {@link #LONGEST_LINE} bytes are given; what is longer comes in parts.
 */
final class LogSource implements AutoCloseable {
    static final int LONGEST_LINE = 16 << 10;

    private final Path log;
    private final Path older;
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream(512);
    private final StringBuilder line = new StringBuilder();
    private final byte[] buffer = new byte[8192];
    private @Nullable InputStream open;
    private @Nullable Object openKey;
    private boolean begun;

    LogSource(ContainerFolder folder) {
        this.log = folder.log();
        this.older = folder.olderLog();
    }

    /** Gives all whole lines that were written since the last call. */
    void drain(Consumer<String> sink) throws IOException {
        if (!begun) {
            begun = true;
            readOlder(sink);
        }
        while (true) {
            if (open == null && !openCurrent()) {
                return;
            }
            readOpen(sink);
            // Asked after the end was read: what conmon still wrote to a log that was moved away comes before the move.
            if (Objects.equals(openKey, key(log).orElse(null))) {
                return;
            }
            readOpen(sink);
            close();
        }
    }

    private void readOlder(Consumer<String> sink) throws IOException {
        // The current one is opened first: if it is moved to the older place now, nothing is read twice or left out.
        boolean _ = openCurrent();
        Optional<Object> olderKey = key(older);
        if (olderKey.isPresent() && !olderKey.get().equals(openKey)) {
            try (InputStream in = Files.newInputStream(older)) {
                read(in, sink);
            } catch (NoSuchFileException _) {
                // Removed since.
            }
        }
    }

    private boolean openCurrent() throws IOException {
        try {
            Optional<Object> key = key(log);
            open = Files.newInputStream(log);
            openKey = key.orElse(null);
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private void readOpen(Consumer<String> sink) throws IOException {
        InputStream in = open;
        if (in != null) {
            read(in, sink);
        }
    }

    private void read(InputStream in, Consumer<String> sink) throws IOException {
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
            for (int i = 0; i < n; i++) {
                if (buffer[i] != '\n') {
                    raw.write(buffer[i]);
                }
                if (buffer[i] == '\n' || raw.size() >= LONGEST_LINE) {
                    take(sink);
                }
            }
        }
    }

    private void take(Consumer<String> sink) {
        String text = raw.toString(StandardCharsets.UTF_8);
        raw.reset();
        LogLine parsed = LogLine.parse(text).orElseGet(() -> new LogLine(text, true));
        line.append(parsed.text());
        if (parsed.complete() || line.length() >= LONGEST_LINE) {
            sink.accept(line.toString());
            line.setLength(0);
        }
    }

    private static Optional<Object> key(Path file) throws IOException {
        try {
            return Optional.ofNullable(Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                    .fileKey());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        InputStream in = open;
        open = null;
        openKey = null;
        if (in != null) {
            in.close();
        }
    }
}
