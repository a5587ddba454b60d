package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.status.Reason;
import java.util.Optional;

/** What steps do. */
interface StepEffects {
    /**
     * Does what a step says; done again, it changes nothing more.
     *
     * @return why it failed, when that is known of one container
     * @throws ProblemException why it failed otherwise
     * @throws Patience.CancelledException when the transition was cancelled while the step waited
     */
    Optional<Reason> carryOut(Step step, Attempt attempt, Patience patience);
}
