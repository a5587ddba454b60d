package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Has what is committed run, and nothing else, while no transition is under way. For the engine's thread. */
final class Maintenance {
    private static final System.Logger LOG = System.getLogger(Maintenance.class.getName());

    private final Path data;
    private final Progress progress;
    private final RevisionStore store;
    private final Observation observation;
    private final Demand demand;
    private final Preparations preparations;
    private final Transitions transitions;
    private final Collector collector;
    private Situation shown = Situation.EMPTY;
    private List<Problem> problems = List.of();

    /** @param data the device's data folder, into which it writes what it would do */
    Maintenance(
            Path data,
            Progress progress,
            RevisionStore store,
            Observation observation,
            Demand demand,
            Preparations preparations,
            Transitions transitions,
            Collector collector) {
        this.data = data;
        this.progress = progress;
        this.store = store;
        this.observation = observation;
        this.demand = demand;
        this.preparations = preparations;
        this.transitions = transitions;
        this.collector = collector;
    }

    /**
     * Starts what is committed and doesn't run, and stops what runs and isn't committed.
     *
     * @param hindered whether something keeps the engine from getting on with what is wanted
     * @return when to look again, in the ticker's nanoseconds
     */
    long keep(boolean hindered) {
        if (!progress.keepIsDue()) {
            return progress.keepAgainAt();
        }
        Revision committed = progress.committed();
        Optional<Revision> unfinished = progress.passed().isEmpty() ? store.trying() : Optional.empty();
        if (unfinished.filter(r -> r.number() == committed.number()).isPresent()) {
            progress.link();
        } else if (unfinished.isPresent()) {
            transitions.back(unfinished.get(), committed);
            return Long.MAX_VALUE;
        }
        Situation now = observation.situation(committed, demand.asked(committed.workload()), Set.of(), false);
        show(now);
        List<Image> unsound = observation.unsound(committed.workload());
        problems = unsound.stream().map(i -> spoilt(i, committed)).toList();
        Plan plan = Upkeep.keep(now);
        if (plan.isEmpty() || progress.passed().isPresent()) {
            if (!hindered) {
                progress.idle();
            }
            preparations.mend(unsound, committed);
            collector.collectIfDue(new Attempt(committed, Way.KEEP, committed.workload(), committed.number()));
            return Long.MAX_VALUE;
        }
        progress.keepAfterPause();
        preparations.mend(unsound, committed);
        transitions.keep(plan, committed);
        return Long.MAX_VALUE;
    }

    /** What isn't on the disk as it should be, although it may run for now. */
    List<Problem> problems() {
        return problems;
    }

    private static Problem spoilt(Image image, Revision committed) {
        return new Problem(
                "disk.damaged",
                "Image " + image.repository() + " of revision " + committed.number()
                        + " isn't on the disk as it was unpacked.",
                "It is fetched again by itself; if this comes back, the disk is failing.");
    }

    /** For whoever asks what would be done; no reason to stop anything when it can't be kept. */
    private void show(Situation now) {
        if (now.equals(shown)) {
            return;
        }
        try {
            PlanPreview.keep(data, now);
            shown = now;
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        }
    }
}
