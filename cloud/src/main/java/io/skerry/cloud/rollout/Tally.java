package io.skerry.cloud.rollout;

import io.skerry.spec.Problem;
import java.util.List;
import java.util.Map;

/**
 * How far the phase that a roll-out is in is from being over.
 *
 * @param done those of its members that run the version well
 * @param failed those on which it failed
 * @param tolerated those of the failed that somebody has seen and went on with
 * @param awaited those that are at it, or will be; who can't be reached and hasn't been told isn't waited for
 */
record Tally(int done, int failed, int tolerated, int awaited) {
    static Tally of(Rollout rollout, List<Member> members, Map<String, Report> reports) {
        int done = 0;
        int failed = 0;
        int earlier = 0;
        int awaited = 0;
        for (Member member : Decision.begun(rollout, members)) {
            boolean here = member.phase() == rollout.phase();
            switch (member.stand()) {
                case DONE -> done += here ? 1 : 0;
                case FAILED -> {
                    failed += here ? 1 : 0;
                    earlier += here ? 0 : 1;
                }
                case PENDING -> awaited += here && (member.admitted() || Progress.reachable(member, reports)) ? 1 : 0;
            }
        }
        return new Tally(done, failed, Math.clamp(rollout.tolerated() - earlier, 0, failed), awaited);
    }

    /** Whether enough have done well; where nobody is left but tolerated failures, none needs to. */
    boolean isGood(Phase phase) {
        int counted = done + failed - tolerated + awaited;
        return (done > 0 || (tolerated > 0 && counted == 0)) && done * 100L >= phase.successPercent() * (long) counted;
    }

    /** Whether all have tried, so that it doesn't get better by itself. */
    boolean isOver() {
        return awaited == 0 && failed > tolerated;
    }

    /** Why it goes no further then. */
    Problem problem(Rollout rollout) {
        int counted = done + failed - tolerated;
        return new Problem(
                "rollout.success",
                "Version " + rollout.version() + " runs well on " + done + " of " + counted
                        + " devices of the phase, which is less than "
                        + rollout.current().successPercent() + " %, and none of the others is at it any more.",
                "Look why; then revert it, or resume it in spite of these.");
    }
}
