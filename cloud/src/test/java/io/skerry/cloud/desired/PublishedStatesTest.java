package io.skerry.cloud.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.desired.Position;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PublishedStatesTest {
    private final PublishedStates states = new PublishedStates();

    @Test
    void wakesOnceWhenANewerOneIsPublished() {
        var woken = new AtomicInteger();
        states.publish("n", new Position(1, 1));
        var waiter = states.await("n", new Position(1, 1), woken::incrementAndGet);
        assertThat(woken).hasValue(0);

        states.publish("n", new Position(1, 2));
        states.publish("n", new Position(1, 3));

        assertThat(woken).hasValue(1);
        assertThat(waiter.cancel()).isFalse();
    }

    @Test
    void wakesAtOnceWhenTheKnownOneIsntTheNewest() {
        var woken = new AtomicInteger();
        states.publish("n", new Position(1, 2));

        states.await("n", new Position(1, 1), woken::incrementAndGet);
        states.await("nobody", new Position(1, 1), woken::incrementAndGet);

        assertThat(woken).hasValue(2);
    }

    @Test
    void aCancelledOneIsNotWoken() {
        var woken = new AtomicInteger();
        states.publish("n", new Position(1, 1));
        var waiter = states.await("n", new Position(1, 1), woken::incrementAndGet);

        assertThat(waiter.cancel()).isTrue();
        states.publish("n", new Position(1, 2));

        assertThat(woken).hasValue(0);
    }

    @Test
    void anOlderPositionIsPassedOver() {
        states.publish("n", new Position(2, 1));
        states.publish("n", new Position(1, 9));

        assertThat(states.position("n")).contains(new Position(2, 1));
    }

    @Test
    void aRemovedNodesPollsAreWoken() {
        var woken = new AtomicInteger();
        states.publish("n", new Position(1, 1));
        states.await("n", new Position(1, 1), woken::incrementAndGet);

        states.remove("n");

        assertThat(woken).hasValue(1);
        assertThat(states.position("n")).isEmpty();
    }

    @Test
    void whoOpensManyDrivesOutItsOwnOldest() {
        var woken = new ArrayList<Integer>();
        states.publish("n", new Position(1, 1));
        for (int i = 0; i < 10; i++) {
            int number = i;
            states.await("n", new Position(1, 1), () -> woken.add(number));
        }
        assertThat(woken).containsExactly(0, 1);
    }

    @Test
    void noWakeUpIsLostHoweverPublishingAndWaitingFallTogether() throws Exception {
        var done = new AtomicBoolean();
        states.publish("n", new Position(1, 1));
        Thread publisher = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                states.publish("n", states.position("n").orElseThrow().next());
            }
        });
        try {
            for (int i = 0; i < 20_000; i++) {
                var woken = new CountDownLatch(1);
                states.await("n", states.position("n").orElseThrow(), woken::countDown);
                assertThat(woken.await(10, TimeUnit.SECONDS)).as("round %s", i).isTrue();
            }
        } finally {
            done.set(true);
            publisher.join();
        }
    }
}
