package io.skerry.cloud.rollout;

import java.util.Map;

/** Where a member is on its way to the new version, in one word: each counts in one number of {@link Progress}, or is still to come. */
public enum MemberState {
    /** Its turn hasn't come. */
    PENDING,
    /** Its device was told, can be reached and is at it. */
    UPDATING,
    /** As that, but it waits for a window to open. */
    WAITING,
    /** Neither done nor failed, and its device can't be reached. */
    UNREACHABLE,
    DONE,
    FAILED;

    static MemberState of(Member member, Map<String, Report> reports) {
        return switch (member.stand()) {
            case DONE -> DONE;
            case FAILED -> FAILED;
            case PENDING -> {
                if (!Progress.reachable(member, reports)) {
                    yield UNREACHABLE;
                }
                if (!member.admitted()) {
                    yield PENDING;
                }
                yield Progress.waits(member, reports) ? WAITING : UPDATING;
            }
        };
    }
}
