package io.skerry.device.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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

    private final Path containers;

    public LogReader(ContainerSettings settings) {
        this.containers = settings.containers();
    }

    /** The last lines, oldest first; none of a container that isn't there. */
    public List<String> tail(String name, int lines) {
        try (LogSource source = source(name)) {
            return lastOf(source, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Gives the last lines and then, if asked, what is written later, also across a rotation and across the container's
     * replacement by another of its name; until cancelled or the thread is interrupted.
     *
     * @param sink called on this thread; may block, and may throw to end it
     * @param cancelled asked several times a second
     */
    public void follow(String name, int tailLines, boolean follow, Consumer<String> sink, BooleanSupplier cancelled) {
        try (LogSource source = source(name)) {
            lastOf(source, tailLines).forEach(sink);
            while (follow
                    && !cancelled.getAsBoolean()
                    && !Thread.currentThread().isInterrupted()) {
                source.drain(sink);
                LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LogSource source(String name) {
        return new LogSource(new ContainerFolder(containers.resolve(RuncContainers.checked(name))));
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
