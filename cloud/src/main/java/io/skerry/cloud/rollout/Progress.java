package io.skerry.cloud.rollout;

import java.util.Collection;
import java.util.EnumMap;
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
        Map<MemberState, Integer> counts = new EnumMap<>(MemberState.class);
        int admitted = 0;
        for (Member member : members) {
            admitted += member.admitted() ? 1 : 0;
            counts.merge(MemberState.of(member, reports), 1, Integer::sum);
        }
        return new Progress(
                members.size(),
                admitted,
                counts.getOrDefault(MemberState.DONE, 0),
                counts.getOrDefault(MemberState.FAILED, 0),
                counts.getOrDefault(MemberState.UPDATING, 0),
                counts.getOrDefault(MemberState.WAITING, 0),
                counts.getOrDefault(MemberState.UNREACHABLE, 0));
    }

    /** Whether it waits for a window, or will once it is admitted. What its device waited for with the version before says nothing. */
    static boolean waits(Member member, Map<String, Report> reports) {
        return closed(member, reports)
                || Optional.ofNullable(reports.get(member.instanceId()))
                        .filter(r -> r.waits()
                                && member.before().filter(b -> b == r.version()).isEmpty())
                        .isPresent();
    }

    /** Whether its window is closed, as is known of a device that is away, too. */
    static boolean closed(Member member, Map<String, Report> reports) {
        return Optional.ofNullable(reports.get(member.instanceId()))
                .filter(Report::closed)
                .isPresent();
    }

    static boolean reachable(Member member, Map<String, Report> reports) {
        return Optional.ofNullable(reports.get(member.instanceId()))
                .filter(Report::reachable)
                .isPresent();
    }
}
