package io.skerry.cloud;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a control plane does again and again until it ends. Work that fails is logged and done again the next time. */
final class RepeatedWork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RepeatedWork.class);

    private final ScheduledExecutorService timer;
    private final Executor threads;
    private final List<Future<?>> going = new ArrayList<>();

    /**
     * @param timer says when; nothing that takes time is done on it
     * @param threads do it
     */
    RepeatedWork(ScheduledExecutorService timer, Executor threads) {
        this.timer = timer;
        this.threads = threads;
    }

    /**
     * Has something done from now on.
     *
     * @param first how long from now
     * @param pause how long from one time to the next, however long it takes: it has to stand being done twice at once
     * @param failure what a failure of it means, for the log
     */
    void every(Duration first, Duration pause, String failure, Runnable work) {
        going.add(timer.scheduleWithFixedDelay(
                () -> threads.execute(() -> carryOut(failure, work)),
                first.toMillis(),
                pause.toMillis(),
                TimeUnit.MILLISECONDS));
    }

    private static void carryOut(String failure, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("{} It is tried again.", failure, e);
        }
    }

    @Override
    public void close() {
        going.forEach(f -> f.cancel(false));
    }
}
