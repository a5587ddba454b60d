package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RepeatedWorkTest {
    @AutoClose
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

    @AutoClose
    private final RepeatedWork work = new RepeatedWork(timer, Runnable::run);

    @Test
    void workThatFailsIsDoneAgain() throws InterruptedException {
        CountDownLatch times = new CountDownLatch(3);

        work.every(Duration.ZERO, Duration.ofMillis(1), "It can't be done.", () -> {
            times.countDown();
            throw new IllegalStateException("no");
        });

        assertThat(times.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nothingIsLeftOnTheTimerAfterTheEnd() {
        timer.setRemoveOnCancelPolicy(true);
        work.every(Duration.ofHours(1), Duration.ofHours(1), "It can't be done.", () -> {});

        work.close();

        assertThat(timer.getQueue()).isEmpty();
    }
}
