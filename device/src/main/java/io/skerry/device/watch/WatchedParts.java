package io.skerry.device.watch;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The parts of the daemon that must move, judged by a clock that can't be set. Safe for use by several threads. */
final class WatchedParts implements LifeSigns {
    private static final int MOST_FRAMES = 20;

    private final LongSupplier nanos;
    private final List<Part> parts = new CopyOnWriteArrayList<>();

    WatchedParts(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * A part that is silent for longer than it may be.
     *
     * @param part its name
     * @param silence since its last sign
     * @param where its thread stands, a line a frame
     */
    record Silent(String part, Duration silence, String where) {}

    private final class Part implements LifeSign {
        private final String name;
        private final Duration limit;
        private volatile Sign last;

        private Part(String name, Duration limit) {
            this.name = name;
            this.limit = limit;
            this.last = sign(Duration.ZERO);
        }

        @Override
        public void shown() {
            last = sign(Duration.ZERO);
        }

        @Override
        public void waits(Duration most) {
            last = sign(most);
        }

        private Sign sign(Duration wait) {
            long now = nanos.getAsLong();
            return new Sign(now, now + wait.plus(limit).toNanos(), Thread.currentThread());
        }
    }

    private record Sign(long at, long deadline, Thread by) {}

    @Override
    public LifeSign expect(String part, Duration limit) {
        Part watched = new Part(part, limit);
        parts.add(watched);
        return watched;
    }

    /** It need not show signs any more. */
    void release(LifeSign sign) {
        parts.removeIf(p -> p == sign);
    }

    List<Silent> silent() {
        long now = nanos.getAsLong();
        return parts.stream()
                .filter(p -> now - p.last.deadline() > 0)
                .map(p -> new Silent(p.name, Duration.ofNanos(now - p.last.at()), where(p.last.by())))
                .toList();
    }

    private static String where(Thread thread) {
        StackTraceElement[] frames = thread.getStackTrace();
        String state = "thread " + thread.getName() + ", " + thread.getState();
        return frames.length == 0
                ? state
                : state
                        + Arrays.stream(frames)
                                .limit(MOST_FRAMES)
                                .map(f -> "\n  at " + f)
                                .collect(Collectors.joining());
    }
}
