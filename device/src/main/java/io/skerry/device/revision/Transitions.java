package io.skerry.device.revision;

import io.skerry.device.revision.Step.RunHook.When;
import io.skerry.spec.desired.Workload;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plans and begins transitions, one at a time. For the engine's thread, but for {@link #stir} and {@link #close}. */
final class Transitions {
    private static final System.Logger LOG = System.getLogger(Transitions.class.getName());

    private final RevisionStore store;
    private final Hands hands;
    private final Observation observation;
    private final StepRunner runner;
    private final Ticker ticker;
    private final Runnable signal;
    private volatile @Nullable Transition current;

    /** @param signal called when a step begins and when a transition has ended */
    Transitions(RevisionStore store, Hands hands, StepRunner runner, Ticker ticker, Runnable signal) {
        this.store = store;
        this.hands = hands;
        this.observation = new Observation(hands);
        this.runner = runner;
        this.ticker = ticker;
        this.signal = signal;
    }

    Optional<Transition> current() {
        return Optional.ofNullable(current);
    }

    /** The way to a revision that is being tried, if that is going on. */
    Optional<Transition> forward() {
        return current().filter(t -> t.way() == Way.FORWARD);
    }

    /** The transition that has ended, which is over now. */
    Optional<Transition> takeEnded() {
        Optional<Transition> ended = current().filter(t -> t.end().isPresent());
        ended.ifPresent(_ -> current = null);
        return ended;
    }

    /**
     * To a revision whose content is on the device.
     *
     * @param counts whether this beginning counts against the limit; not after a reboot that the plan itself asked for
     */
    void forward(Revision revision, Revision committed, boolean counts) {
        store.setTrying(revision);
        LOG.log(
                System.Logger.Level.INFO,
                "switching to revision {0}, begun {1} times before",
                revision.number(),
                store.attempts(revision));
        boolean rebooted =
                store.journal(revision).rebooted(Way.FORWARD, hands.machine().bootId());
        Situation now = observation.situation(committed, revision.workload(), store.containersEver(), rebooted);
        begin(
                new Attempt(revision, Way.FORWARD, revision.workload(), committed.number()),
                Planner.update(now, revision.workload()),
                counts);
    }

    /** From a revision that failed or isn't wanted any more: the committed containers again, and only these. */
    void back(Revision tried, Revision committed) {
        String boot = hands.machine().bootId();
        Journal journal = store.journal(tried);
        boolean rebooted = journal.rebooted(Way.FORWARD, boot) && !journal.rebooted(Way.BACK, boot);
        Situation now = observation.situation(committed, committed.workload(), store.containersEver(), rebooted);
        begin(
                new Attempt(tried, Way.BACK, committed.workload(), committed.number()),
                Upkeep.goBack(now, tried.workload(), prepared(journal, committed.workload(), boot)),
                false);
    }

    /** The containers that a hook prepared for the update in this boot, and to which nobody said since that it is off. */
    private static Set<String> prepared(Journal journal, Workload workload, String boot) {
        Set<String> begun = journal.said(JournalEntry.Mark.BEGUN, Way.FORWARD, boot);
        Set<String> refused = journal.said(JournalEntry.Mark.FAILED, Way.FORWARD, boot);
        Set<String> told = journal.said(JournalEntry.Mark.DONE, Way.BACK, boot);
        return workload.containers().keySet().stream()
                .filter(name -> begun.contains(Step.RunHook.words(When.PRE_UPDATE, name)))
                .filter(name -> !refused.contains(Step.RunHook.words(When.PRE_UPDATE, name)))
                .filter(name -> !told.contains(Step.RunHook.words(When.POST_UPDATE, name)))
                .collect(Collectors.toSet());
    }

    /** Starts what is committed and doesn't run, and stops what runs and isn't committed. */
    void keep(Plan plan, Revision committed) {
        begin(new Attempt(committed, Way.KEEP, committed.workload(), committed.number()), plan, false);
    }

    private void begin(Attempt attempt, Plan plan, boolean counts) {
        Runnable begun = counts ? () -> store.countAttempt(attempt.revision()) : () -> {};
        current = Transition.start(attempt, plan.switching(), runner, ticker, signal, begun);
    }

    /** Being told to end amid a wait is no failure of what was tried, and isn't held against it. */
    void discountInterrupted() {
        forward()
                .filter(t -> t.counted() && t.end().orElse(null) instanceof Transition.End.Cancelled)
                .map(Transition::revision)
                .ifPresent(store::discountAttempt);
    }

    /** Something may have happened that a step waits for. */
    void stir() {
        current().ifPresent(Transition::stir);
    }

    /** Ends what is going on where it can be ended; a later daemon takes it up. */
    void close(Duration limit) throws InterruptedException {
        Transition now = current;
        if (now != null) {
            now.close(limit);
        }
    }
}
