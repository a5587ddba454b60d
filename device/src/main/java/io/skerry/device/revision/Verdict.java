package io.skerry.device.revision;

import io.skerry.spec.Problem;

/** How a wait for containers stands. */
sealed interface Verdict {
    /** All is well, for good. */
    record Passed() implements Verdict {}

    /** It can't be passed any more. */
    record Failed(String container, Problem problem) implements Verdict {}

    /** Not decided; look again at this time of the ticker at the latest. */
    record Undecided(long lookAgainAt) implements Verdict {}
}
