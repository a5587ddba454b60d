package io.skerry.cloud.rollout;

/** Where a roll-out stands. */
public enum State {
    /** Nobody has started it. */
    WAITING("waiting"),
    /** It goes on by itself. */
    RUNNING("running"),
    /** It goes on when somebody resumes it; devices that are at it finish. */
    PAUSED("paused"),
    /** Its next phase begins when somebody approves it. */
    AWAITING_APPROVAL("awaiting-approval"),
    /** The version goes to whoever follows the newest. */
    COMPLETED("completed"),
    /** It goes no further: who has the version keeps it. */
    ABORTED("aborted"),
    /** Every device goes back to what it had. */
    REVERTED("reverted"),
    /** A newer version took its place. */
    SUPERSEDED("superseded");

    private final String word;

    State(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    static State of(String word) {
        for (State state : values()) {
            if (state.word.equals(word)) {
                return state;
            }
        }
        throw new IllegalArgumentException("no state of a roll-out: " + word);
    }

    /** Whether something may still come of it. */
    public boolean active() {
        return switch (this) {
            case WAITING, RUNNING, PAUSED, AWAITING_APPROVAL -> true;
            case COMPLETED, ABORTED, REVERTED, SUPERSEDED -> false;
        };
    }

    /** Whether the newest roll-out of a version says who gets that version, as long as it is the service's newest. */
    boolean governs() {
        return this != COMPLETED;
    }
}
