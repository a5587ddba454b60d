package io.skerry.cloud.rollout;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * How far the members of a roll-out, or of one of its phases, are.
 *
 * @param total all of them
 * @param admitted those whose devices are told the new version
 * @param done those that run it well
 * @param failed those on which it failed
 * @param updating those that are at it and can be reached
 * @param waiting those that wait for a window and can be reached; they aren't at it until it opens
 * @param unreachable those that can't be reached and aren't done
 */
public record Progress(int total, int admitted, int done, int failed, int updating, int waiting, int unreachable) {
    static Progress of(Collection<Member> members, Map<String, Report> reports) {
        int admitted = 0;
        int done = 0;
        int failed = 0;
        int updating = 0;
        int waiting = 0;
        int unreachable = 0;
        for (Member member : members) {
            boolean reachable = reachable(member, reports);
            admitted += member.admitted() ? 1 : 0;
            switch (member.stand()) {
                case DONE -> done++;
                case FAILED -> failed++;
                case PENDING -> {
                    boolean there = member.admitted() && reachable;
                    updating += there && !waits(member, reports) ? 1 : 0;
                    waiting += there && waits(member, reports) ? 1 : 0;
                    unreachable += reachable ? 0 : 1;
                }
            }
        }
        return new Progress(members.size(), admitted, done, failed, updating, waiting, unreachable);
    }

    /** Whether it waits for a window, or will once it is admitted. What its device waited for with the version before says nothing. */
    static boolean waits(Member member, Map<String, Report> reports) {
        return Optional.ofNullable(reports.get(member.instanceId()))
                .filter(r -> r.closed()
                        || (r.waits()
                                && member.before().filter(b -> b == r.version()).isEmpty()))
                .isPresent();
    }

    static boolean reachable(Member member, Map<String, Report> reports) {
        return Optional.ofNullable(reports.get(member.instanceId()))
                .filter(Report::reachable)
                .isPresent();
    }
}
