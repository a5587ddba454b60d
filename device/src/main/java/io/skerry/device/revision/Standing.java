package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.RevisionStatus.Phase;
import io.skerry.spec.status.WindowWaits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the engine stands.
 *
 * @param revision for the status
 * @param coming the workload that is being prepared, tried or run: whose containers the device has or is about to have
 * @param problems what keeps it from getting on
 */
public record Standing(RevisionStatus revision, Workload coming, List<Problem> problems) {
    public Standing {
        problems = List.copyOf(problems);
    }

    /** Puts together what is told of it. */
    static Standing of(
            Revision committed,
            Optional<Transition> transition,
            Optional<Preparation> preparation,
            Outcomes outcomes,
            Shortages shortages,
            Admission admission,
            Workload asked,
            Optional<Problem> trouble,
            List<Problem> windows) {
        Optional<Transition> shown = transition.filter(t -> t.way() != Way.KEEP);
        Optional<Preparation> preparing = preparation.filter(p -> !p.mends());
        Optional<Step> step = transition.flatMap(Transition::at).or(() -> preparation.flatMap(Preparation::at));
        Optional<Revision> trying = shown.filter(t -> t.way() == Way.FORWARD)
                .map(Transition::revision)
                .or(() -> preparing.map(Preparation::revision));
        Workload coming = trying.filter(_ -> shown.isEmpty() || shown.get().way() == Way.FORWARD)
                .map(Revision::workload)
                .orElse(committed.workload());
        List<Problem> problems = new ArrayList<>();
        trouble.ifPresent(problems::add);
        problems.addAll(windows);
        Optional<Problem> obstacle = preparation.flatMap(Preparation::trouble);
        obstacle.ifPresent(problems::add);
        Optional<Outcome> refused = preparation.flatMap(p -> obstacle.flatMap(p::refusal));
        List<HeldBack> heldBack = new ArrayList<>(outcomes.heldBack(asked));
        heldBack.addAll(shortages.heldBack());
        return new Standing(
                new RevisionStatus(
                        committed.number(),
                        trying.map(Revision::number),
                        phase(shown, preparing, step, admission),
                        refused.or(outcomes::last),
                        heldBack,
                        step.map(Step::words).or(admission::words),
                        admission.waits().isEmpty()
                                ? Optional.empty()
                                : Optional.of(new WindowWaits(admission.waits())),
                        outcomes.givenUp()),
                coming,
                problems);
    }

    private static Phase phase(
            Optional<Transition> transition,
            Optional<Preparation> preparing,
            Optional<Step> step,
            Admission admission) {
        if (transition.isEmpty()) {
            Phase idle = admission.waits().isEmpty() ? Phase.IDLE : Phase.AWAITING_WINDOW;
            return preparing.isPresent() ? Phase.FETCHING : idle;
        }
        if (step.filter(Step.Reboot.class::isInstance).isPresent()) {
            return Phase.REBOOTING;
        }
        if (transition.get().way() == Way.BACK) {
            return Phase.ROLLING_BACK;
        }
        if (step.filter(Step.AwaitLock.class::isInstance).isPresent()) {
            return Phase.PUT_OFF;
        }
        return step.filter(Step.Check.class::isInstance).isPresent() ? Phase.ON_TRIAL : Phase.SWITCHING;
    }
}
