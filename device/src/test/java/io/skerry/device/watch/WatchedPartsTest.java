package io.skerry.device.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WatchedPartsTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Near the end of what a long can hold, where such clocks may well stand. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

    private final WatchedParts parts = new WatchedParts(nanos::get);
    private final LifeSign engine = parts.expect("the engine", LIMIT);

    @Test
    void aPartIsSilentWhenItsLimitIsOver() {
        pass(LIMIT);
        assertThat(parts.silent()).isEmpty();

        pass(Duration.ofSeconds(1));

        assertThat(parts.silent()).singleElement().satisfies(silent -> {
            assertThat(silent.part()).isEqualTo("the engine");
            assertThat(silent.silence()).isEqualTo(LIMIT.plusSeconds(1));
        });
    }

    @Test
    void eachSignGivesTheWholeLimitAnew() {
        for (int turn = 0; turn < 10; turn++) {
            pass(Duration.ofSeconds(60));
            engine.shown();
        }

        assertThat(parts.silent()).isEmpty();
    }

    @Test
    void aPartThatSaysThatItWaitsMaySoForThatLongAndItsLimit() {
        engine.waits(Duration.ofHours(1));

        pass(Duration.ofHours(1).plus(LIMIT));
        assertThat(parts.silent()).isEmpty();

        pass(Duration.ofSeconds(1));
        assertThat(parts.silent()).hasSize(1);
    }

    @Test
    void aWaitThatIsOverGivesNothingToWhatComesAfter() {
        engine.waits(Duration.ofHours(1));
        engine.shown();

        pass(LIMIT.plusSeconds(1));

        assertThat(parts.silent()).hasSize(1);
    }

    @Test
    void onePartsSignsDontSpeakForAnother() {
        LifeSign polling = parts.expect("the polling", LIMIT);
        pass(LIMIT.plusSeconds(1));

        polling.shown();

        assertThat(parts.silent()).extracting(WatchedParts.Silent::part).containsExactly("the engine");
    }

    @Test
    void tellsWhereTheThreadStandsThatGaveTheLastSign() throws InterruptedException {
        Thread thread = Thread.ofVirtual().name("engine-test").start(this::standForEver);
        try {
            await().until(() -> thread.getState() == Thread.State.WAITING);
            pass(LIMIT.plusSeconds(1));

            assertThat(parts.silent())
                    .singleElement()
                    .satisfies(silent ->
                            assertThat(silent.where()).contains("engine-test").contains("standForEver"));
        } finally {
            thread.interrupt();
            thread.join();
        }
    }

    @Test
    void aReleasedPartIsNotWatchedAnyMore() {
        parts.release(engine);

        pass(Duration.ofDays(1));

        assertThat(parts.silent()).isEmpty();
    }

    private void standForEver() {
        engine.shown();
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
