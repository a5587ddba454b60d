package io.skerry.device.revision;

import java.time.Duration;

/** Gives signs of life for a thread that is at something long and will get to its end, for as long as this is open. */
final class Signs implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** Longer than the removal of a large volume takes: what isn't done by then never will be. */
    private static final int MOST = 60;

    private final Thread thread;

    private Signs(Thread thread) {
        this.thread = thread;
    }

    static Signs of(Runnable alive) {
        return new Signs(Thread.ofVirtual().name("signs").start(() -> give(alive)));
    }

    private static void give(Runnable alive) {
        try {
            for (int i = 0; i < MOST; i++) {
                Thread.sleep(INTERVAL);
                alive.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
