package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import java.time.Duration;
import java.util.List;

/**
 * Removes what no kept revision needs, at its times: after a commit, and later what couldn't be removed then or an earlier
 * daemon left. For the engine's thread.
 */
final class Collector {
    private static final System.Logger LOG = System.getLogger(Collector.class.getName());
    private static final long REST = Duration.ofMinutes(1).toNanos();
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(30);

    /** Longer than the removal of a large volume takes: what isn't done by then never will be. */
    private static final int MOST_SIGNS = 60;

    private final StepRunner runner;
    private final Images images;
    private final Ticker ticker;
    private final Runnable alive;
    private boolean littered;
    private long againAt;

    /** @param alive called while it works, which may take longer than its thread may be silent */
    Collector(StepRunner runner, Images images, Ticker ticker, Runnable alive) {
        this.runner = runner;
        this.images = images;
        this.ticker = ticker;
        this.alive = alive;
        this.againAt = ticker.nanos();
    }

    /** There may be something that nothing needs any more; it takes some room until the next turn, no more. */
    void littered() {
        littered = true;
    }

    /** Gives back the room that was taken for a revision and isn't needed any more. */
    void release(Revision revision) {
        try {
            images.release(revision.number());
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
            littered();
        }
    }

    /** When there is something to remove and it is time to try. */
    void collectIfDue(Attempt attempt) {
        if (littered && ticker.nanos() - againAt >= 0) {
            collect(attempt, Step.Why.BOOT);
        }
    }

    void collect(Attempt attempt, Step.Why why) {
        Thread signs = Thread.ofVirtual().name("collecting").start(this::showSigns);
        try {
            littered = runner.take(new Step.Collect(List.of(), why), attempt, new Patience(ticker))
                    .isPresent();
        } finally {
            signs.interrupt();
        }
        againAt = ticker.nanos() + REST;
    }

    private void showSigns() {
        try {
            for (int i = 0; i < MOST_SIGNS; i++) {
                Thread.sleep(SIGN_OF_LIFE);
                alive.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
