package io.skerry.cloud.rollout;

import io.skerry.spec.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of a roll-out from what its devices say. Pure, and settled: asked again with the same, it decides the same.
 *
 * <ul>
 *   <li>Members are admitted phase by phase, within a phase as many as may be updating at once, and as many again of those that
 *       wait for a window: they are ready when it opens, and hold nobody up until then. One that can't be reached isn't
 *       admitted nor waited for, and takes nobody's place: it joins when it is there. One that is lost after it was admitted is: it
 *       may be the version that took it away.
 *   <li>Whoever was admitted and is at it for longer than its phase allows, lost or not, counts as failed until it is done. While
 *       its window is closed a device has all of its time before it.
 *   <li>More failures than the phase's threshold, among all that were told the version, pause it.
 *   <li>A phase is over when enough of those of its devices that are waited for have done well, one at least, for as long as
 *       it is to soak; failures that somebody went on with aren't counted. One without members is over at once. One that can't
 *       be over any more, because all have tried, is paused.
 *   <li>After the last one it is completed, once all have been admitted that can be reached; then all others are.
 * </ul>
 *
 * @param rollout as it is now
 * @param members as they are now, in their order
 */
record Decision(Rollout rollout, List<Member> members) {
    private static final long GRACE = Duration.ofHours(1).toMillis();

    Decision {
        members = List.copyOf(members);
    }

    /** @param now milliseconds since 1970 */
    static Decision of(Rollout before, List<Member> known, Map<String, Report> reports, long now) {
        List<Member> members = known.stream()
                .map(m -> timed(heard(m, before, reports), before, reports, now))
                .sorted(Comparator.comparingInt(Member::phase).thenComparing(Member::instanceId))
                .toList();
        if (before.state() != State.RUNNING) {
            return new Decision(before, members);
        }
        // What has been made good since is tolerated no second time.
        Rollout rollout = before.tolerating(Math.min(before.tolerated(), failed(begun(before, members))));
        Optional<Problem> failures = failures(rollout, members);
        if (failures.isPresent()) {
            return new Decision(rollout.paused(failures.get()), members);
        }
        Rollout next = moved(rollout, members, reports, now);
        // A phase that bears less than the one before must not begin with what that one bore.
        Optional<Problem> tooMany = next.state() == State.RUNNING ? failures(next, members) : Optional.empty();
        if (tooMany.isPresent()) {
            return new Decision(next.paused(tooMany.get()), members);
        }
        return new Decision(
                next,
                switch (next.state()) {
                    case RUNNING -> admitted(next, members, reports, now);
                    case COMPLETED ->
                        members.stream()
                                .map(m -> timed(m.admit(), next, reports, now))
                                .toList();
                    default -> members;
                });
    }

    static Member heard(Member member, Rollout rollout, Map<String, Report> reports) {
        Report report = reports.get(member.instanceId());
        return member.admitted() && report != null && report.version() == rollout.version()
                ? member.with(report.stand())
                : member;
    }

    private static Member timed(Member member, Rollout rollout, Map<String, Report> reports, long now) {
        if (!member.admitted()) {
            return member;
        }
        if (member.stand() == Stand.FAILED) {
            // By its own word, if it says so now.
            return saysFailed(member, rollout, reports) ? member.since(Optional.empty()) : member;
        }
        // What a lost device said last of its waiting is out of date.
        if (member.stand() == Stand.DONE
                || MemberState.of(member, reports) == MemberState.WAITING
                || Progress.closed(member, reports)) {
            return member.since(Optional.empty());
        }
        long since = member.since().orElse(now);
        long most = rollout.policy().phases().get(member.phase()).updateSeconds() * 1000L;
        return (most > 0 && now - since >= most ? member.with(Stand.FAILED) : member).since(Optional.of(since));
    }

    /**
     * A member as it is after a while in which nobody looked: its device may have been unable to fetch all along, since the control plane was
     * away, so it has an hour from now, or all of its time if that is less.
     */
    static Member unjudged(Member member, Rollout rollout, long now) {
        long most = rollout.policy().phases().get(member.phase()).updateSeconds() * 1000L;
        long earliest = now - Math.max(0, most - GRACE);
        return member.stand() == Stand.PENDING ? member.since(member.since().map(s -> Math.max(s, earliest))) : member;
    }

    private static boolean saysFailed(Member member, Rollout rollout, Map<String, Report> reports) {
        return Optional.ofNullable(reports.get(member.instanceId()))
                .filter(r -> r.version() == rollout.version() && r.stand() == Stand.FAILED)
                .isPresent();
    }

    private static Optional<Problem> failures(Rollout rollout, List<Member> members) {
        List<Member> begun = begun(rollout, members);
        long told = begun.stream().filter(Member::admitted).count();
        int failed = failed(begun);
        int counted = failed - rollout.tolerated();
        return counted > 0 && counted * 100L > rollout.current().failurePercent() * told
                ? Optional.of(new Problem(
                        "rollout.failures",
                        "Version " + rollout.version() + " failed on " + failed + " of " + told
                                + " devices that were told to run it" + late(begun) + ", which is more than "
                                + rollout.current().failurePercent() + " %.",
                        "Look why; then revert it, or resume it in spite of these."))
                : Optional.empty();
    }

    private static String late(List<Member> members) {
        long late = members.stream()
                .filter(m -> m.stand() == Stand.FAILED && m.since().isPresent())
                .count();
        return late == 0 ? "" : " (" + late + " weren't done in time)";
    }

    /** Those whose phase has come. */
    static List<Member> begun(Rollout rollout, List<Member> members) {
        return members.stream().filter(m -> m.phase() <= rollout.phase()).toList();
    }

    /** How many of these failed. */
    static int failed(List<Member> members) {
        return (int) members.stream().filter(m -> m.stand() == Stand.FAILED).count();
    }

    private static Rollout moved(Rollout rollout, List<Member> members, Map<String, Report> reports, long now) {
        Rollout at = rollout;
        while (true) {
            int phase = at.phase();
            List<Member> these =
                    members.stream().filter(m -> m.phase() == phase).toList();
            if (!these.isEmpty()) {
                Tally tally = Tally.of(at, members, reports);
                if (!tally.isGood(at.current())) {
                    return tally.isOver() ? at.paused(tally.problem(at)) : at.good(Optional.empty());
                }
                at = at.good(Optional.of(at.goodSince().orElse(now)));
                if (now - at.goodSince().orElse(now) < at.current().soakSeconds() * 1000L) {
                    return at;
                }
            }
            if (at.isLastPhase()) {
                // Completed, it goes to all at once; until then the budget holds for whoever is there.
                return admitted(at, members, reports, now).stream()
                                .anyMatch(m -> !m.admitted() && Progress.reachable(m, reports))
                        ? at
                        : at.to(State.COMPLETED);
            }
            if (at.policy().phases().get(phase + 1).approval()) {
                return at.to(State.AWAITING_APPROVAL);
            }
            at = at.nextPhase();
        }
    }

    private static List<Member> admitted(Rollout rollout, List<Member> members, Map<String, Report> reports, long now) {
        Progress progress = Progress.of(members, reports);
        int most = rollout.current().atOnce() == 0
                ? Integer.MAX_VALUE
                : rollout.current().atOnce();
        int updating = progress.updating();
        int waiting = progress.waiting();
        List<Member> all = new ArrayList<>();
        for (Member member : members) {
            boolean due =
                    !member.admitted() && member.phase() <= rollout.phase() && Progress.reachable(member, reports);
            boolean waits = Progress.waits(member, reports);
            if (due && (waits ? waiting : updating) < most) {
                all.add(timed(member.admit(), rollout, reports, now));
                updating += waits ? 0 : 1;
                waiting += waits ? 1 : 0;
            } else {
                all.add(member);
            }
        }
        return all;
    }
}
