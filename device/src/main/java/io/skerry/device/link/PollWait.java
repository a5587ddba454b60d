package io.skerry.device.link;

import java.time.Duration;

/**
 * How long a poll asks to wait: what the cloud proposes, but no longer than the link seems to keep an idle connection. That
 * is learned from connections that died while they waited, and forgotten slowly. Not safe for use by several threads.
 */
final class PollWait {
    static final Duration LEAST = Duration.ofSeconds(30);
    private static final int GOOD_BEFORE_LONGER = 3;
    private static final int GOOD_BEFORE_BEYOND_BAD = 30;

    private Duration proposed;
    /** What the link keeps, as far as learned; infinite while nothing was. */
    private Duration limit = Duration.ofDays(1);
    /** The shortest wait that was too long. */
    private Duration bad = Duration.ofDays(1);

    private int good;

    PollWait(Duration first) {
        this.proposed = first;
    }

    Duration next() {
        return proposed.compareTo(limit) < 0 ? proposed : limit;
    }

    /** The cloud proposed this for the next poll. */
    void proposed(Duration wait) {
        proposed = wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait;
    }

    /** A poll waited for its whole time and was answered. */
    void held() {
        if (limit.compareTo(proposed) >= 0) {
            return;
        }
        Duration longer = limit.multipliedBy(11).dividedBy(10);
        int needed = longer.compareTo(bad) < 0 ? GOOD_BEFORE_LONGER : GOOD_BEFORE_BEYOND_BAD;
        if (++good >= needed) {
            good = 0;
            limit = longer;
        }
    }

    /** A poll with this wait died without an answer after this time, having been connected. */
    void dropped(Duration wait, Duration after) {
        if (after.compareTo(LEAST) < 0) {
            // Too soon for an idle connection to be dropped: something else broke it.
            return;
        }
        good = 0;
        bad = wait.compareTo(bad) < 0 ? wait : bad;
        Duration shorter =
                (after.compareTo(wait) < 0 ? after : wait).multipliedBy(2).dividedBy(3);
        Duration floored = shorter.compareTo(LEAST) < 0 ? LEAST : shorter;
        limit = floored.compareTo(limit) < 0 ? floored : limit;
    }
}
