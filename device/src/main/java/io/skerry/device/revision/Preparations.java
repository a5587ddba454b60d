package io.skerry.device.revision;

import io.skerry.device.retry.BackOff;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Workload;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is being prepared, and what is prepared and waits for its turn to be switched to; at most one revision in all. For the
 * engine's thread, but for {@link #coming}.
 */
final class Preparations {
    private static final System.Logger LOG = System.getLogger(Preparations.class.getName());

    private final RevisionStore store;
    private final Outcomes outcomes;
    private final Observation observation;
    private final StepRunner runner;
    private final Supplier<BackOff> backOff;
    private final Ticker ticker;
    private final Runnable signal;
    private final Consumer<Revision> release;
    private volatile Workload coming = Workload.EMPTY;

    private @Nullable Preparation current;
    private @Nullable Revision ready;

    /**
     * @param signal called when something has changed
     * @param release called for the room of a revision that nothing needs any more
     */
    Preparations(
            RevisionStore store,
            Outcomes outcomes,
            Hands hands,
            StepRunner runner,
            Supplier<BackOff> backOff,
            Ticker ticker,
            Runnable signal,
            Consumer<Revision> release) {
        this.store = store;
        this.outcomes = outcomes;
        this.observation = new Observation(hands);
        this.runner = runner;
        this.backOff = backOff;
        this.ticker = ticker;
        this.signal = signal;
        this.release = release;
    }

    /** What is being prepared or mended now. */
    Optional<Preparation> current() {
        return Optional.ofNullable(current);
    }

    /** The workload whose content mustn't be collected although no revision on the way has it. */
    Workload coming() {
        return coming;
    }

    /** Whether a revision waits for its turn. */
    boolean hasReady() {
        return ready != null;
    }

    /** The revision that waits for its turn, which it has now. */
    Optional<Revision> takeReady() {
        Optional<Revision> taken = Optional.ofNullable(ready);
        ready = null;
        return taken;
    }

    /** Sees to it that this workload, and no other, is being prepared or waits. */
    void aimAt(Workload wanted, Revision committed) {
        boolean underWay = (current != null
                        && !current.mends()
                        && current.revision().workload().equals(wanted))
                || (ready != null && ready.workload().equals(wanted));
        if (underWay) {
            return;
        }
        giveUp();
        cancel();
        Plan plan = Planner.update(observation.situation(committed, wanted, Set.of(), false), wanted);
        Revision revision = store.create(wanted, plan);
        coming = wanted;
        LOG.log(System.Logger.Level.INFO, "revision {0} is being prepared", revision.number());
        Attempt attempt = new Attempt(revision, Way.FORWARD, wanted, committed.number());
        current = Preparation.start(attempt, plan.preparing(), runner, backOff.get(), ticker, signal);
    }

    /** Fetches these of the committed images, unless something is fetched already. */
    void mend(List<Image> unsound, Revision committed) {
        if (current != null || unsound.isEmpty()) {
            return;
        }
        LOG.log(System.Logger.Level.WARNING, "images of revision {0} are missing or damaged", committed.number());
        Attempt attempt = new Attempt(committed, Way.KEEP, committed.workload(), committed.number());
        current = Preparation.start(attempt, Upkeep.fetching(unsound).steps(), runner, backOff.get(), ticker, signal);
    }

    /** What has ended since the last call; a revision that is prepared waits from now on. */
    Optional<Preparation> takeEnded() {
        Preparation done = current;
        if (done == null || done.end().isEmpty()) {
            return Optional.empty();
        }
        current = null;
        switch (done.end().get()) {
            case Preparation.End.Ready _ -> {
                ready = done.mends() ? null : done.revision();
                if (done.mends()) {
                    // Nothing follows it that would still need the room.
                    release.accept(done.revision());
                }
            }
            case Preparation.End.Refused _ -> release.accept(done.revision());
        }
        return Optional.of(done);
    }

    /** What is being prepared and can't get on because the disk is full. */
    Optional<Preparation> outOfRoom() {
        return current()
                .filter(p -> !p.mends())
                .filter(p -> p.trouble()
                        .map(Problem::code)
                        .filter("disk.full"::equals)
                        .isPresent());
    }

    /** Nothing is to be switched to any more; what is mended goes on. */
    void giveUp() {
        takeReady().ifPresent(r -> {
            outcomes.superseded(r);
            release.accept(r);
        });
        Preparation old = current;
        if (old != null && !old.mends()) {
            cancel();
            outcomes.superseded(old.revision());
            release.accept(old.revision());
        }
        committed();
    }

    /** What was coming is there, or isn't wanted any more. */
    void committed() {
        if (current == null || current.mends()) {
            coming = Workload.EMPTY;
        }
    }

    /** Ends what is going on; a later daemon takes it up. */
    void cancel() {
        if (current != null) {
            current.cancel();
            if (current.mends()) {
                release.accept(current.revision());
            }
            current = null;
        }
    }
}
