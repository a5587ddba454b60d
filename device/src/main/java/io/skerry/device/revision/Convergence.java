package io.skerry.device.revision;

import io.skerry.device.retry.BackOff;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Starts what is committed and doesn't run, and stops what runs and isn't committed; what fails is tried again after growing
 * pauses. For one thread.
 */
final class Convergence {
    private final Containers containers;
    private final Switchover switchover;
    private final Ticker ticker;
    private final BackOff backOff;
    private Optional<Problem> trouble = Optional.empty();
    private long next;

    Convergence(Containers containers, Switchover switchover, Ticker ticker, BackOff backOff) {
        this.containers = containers;
        this.switchover = switchover;
        this.ticker = ticker;
        this.backOff = backOff;
        this.next = ticker.nanos();
    }

    /** What keeps the device from running what it is to run. */
    Optional<Problem> trouble() {
        return trouble;
    }

    /** There is no reason to wait any longer. */
    void hurry() {
        next = ticker.nanos();
    }

    /** Something else failed that is to be tried again; returns when. */
    long failed(Problem problem) {
        trouble = Optional.of(problem);
        return ticker.nanos() + backOff.next().toNanos();
    }

    /**
     * Does what is to be done, if it is time.
     *
     * @param beforehand called before something is started or stopped
     * @return when to look again
     */
    long towards(Workload committed, Runnable beforehand) {
        List<Step> steps = Planner.switching(Present.forms(containers.present()), committed);
        if (steps.isEmpty()) {
            backOff.reset();
            trouble = Optional.empty();
            return Long.MAX_VALUE;
        }
        if (ticker.nanos() - next < 0) {
            return next;
        }
        beforehand.run();
        trouble = switchover.carryOutAll(steps, committed).map(Reason::problem);
        next = ticker.nanos() + backOff.next().toNanos();
        return trouble.isEmpty() ? ticker.nanos() : next;
    }
}
