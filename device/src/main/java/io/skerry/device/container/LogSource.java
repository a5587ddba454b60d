package io.skerry.device.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a container's log from its oldest line on and across rotations, as far as it is written. One thread's own. Keeps one
 * line of each output in memory, of which at most {@link #LONGEST_LINE} bytes are given; what is longer comes in parts.
 */
final class LogSource implements AutoCloseable {
    static final int LONGEST_LINE = 16 << 10;

    private static final int MOST_SWITCHES = 8;

    private final List<Path> oldestFirst;
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream(512);
    private final StringBuilder outputLine = new StringBuilder();
    private final StringBuilder errorLine = new StringBuilder();
    private final byte[] buffer = new byte[8192];
    private @Nullable InputStream open;
    private @Nullable Object openKey;

    /** Held open so that no new file can have its key. */
    private @Nullable InputStream previous;

    private @Nullable Object previousKey;

    LogSource(ContainerFolder folder) {
        this.oldestFirst = List.of(folder.olderLog(), folder.heldLog(), folder.log());
    }

    /** Gives all whole lines that were written since the last call. */
    void drain(Consumer<String> sink) throws IOException {
        for (int switches = 0; switches <= MOST_SWITCHES; switches++) {
            readOpen(sink);
            Optional<Path> next = next();
            if (next.isEmpty()) {
                return;
            }
            // What conmon still wrote to a log that was moved away comes before the next one.
            readOpen(sink);
            open(next.get());
        }
    }

    /** The file that was begun after the open one, or the oldest when the open one is gone from its folder. */
    private Optional<Path> next() throws IOException {
        List<Object> keys = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        for (Path file : oldestFirst) {
            Optional<Object> key = key(file);
            if (key.isPresent() && !keys.contains(key.get())) {
                keys.add(key.get());
                files.add(file);
            }
        }
        int after = Math.max(indexOf(keys, openKey), indexOf(keys, previousKey)) + 1;
        return after < files.size() ? Optional.of(files.get(after)) : Optional.empty();
    }

    private static int indexOf(List<Object> keys, @Nullable Object key) {
        return key == null ? -1 : keys.indexOf(key);
    }

    /** Leaves all as it is when the file is moved meanwhile. */
    private void open(Path file) throws IOException {
        try {
            Optional<Object> key = key(file);
            InputStream opened = Files.newInputStream(file);
            if (key.isEmpty() || !key.equals(key(file))) {
                opened.close();
                return;
            }
            closePrevious();
            previous = open;
            previousKey = openKey;
            open = opened;
            openKey = key.get();
        } catch (NoSuchFileException _) {
            // The next look finds it at its new place.
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
        LogLine parsed = LogLine.parse(text).orElseGet(() -> new LogLine(false, text, true));
        // A line that comes in parts may have one of the other output between them.
        StringBuilder line = parsed.error() ? errorLine : outputLine;
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

    private void closePrevious() throws IOException {
        InputStream in = previous;
        previous = null;
        if (in != null) {
            in.close();
        }
    }

    @Override
    public void close() throws IOException {
        closePrevious();
        InputStream in = open;
        open = null;
        if (in != null) {
            in.close();
        }
    }
}
