package io.skerry.device.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What containers wrote, line by line, from the files that hold it. Bounded memory whatever they write: of a tail at most
 * 10,000 lines and 512 Ki characters are kept. Safe for use by several threads.
 */
public final class LogReader {
    private static final int MOST_LINES = 10_000;
    private static final int MOST_CHARACTERS = 512 << 10;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final ContainerSettings settings;

    public LogReader(ContainerSettings settings) {
        this.settings = settings;
    }

    /** The last lines of a form of a container, oldest first; none of one that isn't there. */
    static List<String> tail(ContainerFolder folder, int lines) {
        try (LogSource source = new LogSource(folder)) {
            return lastOf(source, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Gives the last lines of the main container of this name and then, if asked, what is written later, also across a rotation
     * and across the container's replacement by another of its name; until cancelled or the thread is interrupted.
     *
     * @param sink called on this thread; may block, and may throw to end it
     * @param cancelled asked several times a second
     */
    public void follow(String name, int tailLines, boolean follow, Consumer<String> sink, BooleanSupplier cancelled) {
        ContainerFolder plain = settings.folder(RuncContainers.checked(name));
        ContainerFolder at = Slots.mainOnDisk(plain).orElse(plain);
        LogSource source = new LogSource(at);
        try {
            lastOf(source, tailLines).forEach(sink);
            while (follow
                    && !cancelled.getAsBoolean()
                    && !Thread.currentThread().isInterrupted()) {
                ContainerFolder main = Slots.mainOnDisk(plain).orElse(at);
                source.drain(sink);
                if (!main.equals(at)) {
                    source.close();
                    source = new LogSource(main);
                    at = main;
                    source.drain(sink);
                }
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            close(source);
        }
    }

    private static void close(LogSource source) {
        try {
            source.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lastOf(LogSource source, int lines) throws IOException {
        int most = Math.clamp(lines, 0, MOST_LINES);
        Deque<String> last = new ArrayDeque<>();
        long[] characters = {0};
        source.drain(line -> {
            last.add(line);
            characters[0] += line.length();
            while (last.size() > most || (characters[0] > MOST_CHARACTERS && last.size() > 1)) {
                characters[0] -= last.remove().length();
            }
        });
        return new ArrayList<>(last);
    }
}
