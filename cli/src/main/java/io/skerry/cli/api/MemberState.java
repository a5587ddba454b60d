package io.skerry.cli.api;

import java.util.Locale;

/** Where an instance is in a roll-out, as the schema's {@code DM_rollout_member_state} says. */
public enum MemberState {
    PENDING,
    UPDATING,
    WAITING,
    UNREACHABLE,
    DONE,
    FAILED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
