package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.window.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What the owners want, and how much of it may be had now: without what failed before, what there is no room for, and what
 * windows keep closed. For the engine's thread, but for {@link #offer}, {@link #follow} and {@link #together}.
 */
final class Demand {
    private final Parts parts;
    private final Outcomes outcomes;
    private final Shortages shortages;
    private final OpenTimes openTimes;
    private final ReentrantLock hearing = new ReentrantLock();

    Demand(Parts parts, Outcomes outcomes, Shortages shortages, OpenTimes openTimes) {
        this.parts = parts;
        this.outcomes = outcomes;
        this.shortages = shortages;
        this.openTimes = openTimes;
    }

    /**
     * Takes down what an owner wants; says whether that is anything new.
     *
     * @throws io.skerry.spec.ProblemException {@code part.clash}; then nothing changes
     */
    boolean offer(Owner owner, Workload workload, String retryToken) {
        boolean other = parts.put(owner, workload);
        return outcomes.retryToken(retryToken) || other;
    }

    /** Takes down when changes may be made; says whether that is anything new. */
    boolean follow(Schedule schedule) {
        return openTimes.follow(schedule);
    }

    /** What is said within this is heard as one. */
    void together(Runnable orders) {
        hearing.lock();
        try {
            orders.run();
        } finally {
            hearing.unlock();
        }
    }

    /** What the owners put together want, if anybody wants anything. */
    Optional<Workload> composed() {
        return parts.composed();
    }

    /** What the owners want, whether or not it can be had; what is committed while nobody wants anything. */
    Workload asked(Workload committed) {
        return parts.composed().orElse(committed);
    }

    /** What is to be got to sooner or later: all that is asked for but what failed, whether or not there is room or a window now. */
    Workload pursued(Workload committed) {
        Workload attainable = outcomes.attainable(asked(committed), committed);
        return outcomes.failedBefore(attainable) ? committed : attainable;
    }

    /**
     * What is to be got to now.
     *
     * @param begun what is being switched to already, so that no window ends it; asked for once nothing more is heard, which may
     *     take a while: what began meanwhile has begun
     * @param preparing what is being prepared
     */
    Admission admission(Workload committed, Supplier<Optional<Workload>> begun, Workload preparing) {
        hearing.lock();
        try {
            Workload attainable = outcomes.attainable(asked(committed), committed);
            return openTimes.admission(shortages.attainable(attainable, committed), committed, begun.get(), preparing);
        } finally {
            hearing.unlock();
        }
    }

    /** Whether windows let this be switched to now that hasn't begun to change what runs. */
    boolean mayBegin(Workload prepared, Workload committed) {
        Admission now = openTimes.admission(prepared, committed, Optional.empty(), prepared);
        return now.switches() && now.aim().equals(prepared);
    }

    /** How long it is until the first window opens that is waited for, as far as that is known. */
    Optional<Duration> untilOpening(Admission admission) {
        return openTimes.untilOpening(admission);
    }

    /** What is wrong with the windows. */
    List<Problem> problems() {
        return openTimes.problems();
    }
}
