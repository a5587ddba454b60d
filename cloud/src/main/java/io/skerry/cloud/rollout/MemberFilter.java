package io.skerry.cloud.rollout;

import java.util.Optional;
import java.util.Set;

/**
 * Which members of a roll-out are meant.
 *
 * @param phase those who get the version with this one, from 0; empty: with any
 * @param states those who are in one of these; empty: in any
 */
public record MemberFilter(Optional<Integer> phase, Set<MemberState> states) {
    public MemberFilter {
        states = Set.copyOf(states);
    }

    boolean takes(Member member, MemberState state) {
        return phase.filter(p -> p != member.phase()).isEmpty() && (states.isEmpty() || states.contains(state));
    }
}
