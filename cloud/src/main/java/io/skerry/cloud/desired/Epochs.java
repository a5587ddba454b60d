package io.skerry.cloud.desired;

import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * New epochs, begun where positions that devices know already could be given a second time: after a restore, and when a database
 * is moved, so that the one before it is followed by nobody any more.
 *
 * <p>An epoch's number is the time in seconds since 1970, or one more than the newest where the clock is behind that: so one
 * backup may be restored twice and gives two epochs, although it knows nothing of the first.
 */
public final class Epochs {
    private static final int TOLD_AT_ONCE = 200;

    private Epochs() {}

    /**
     * Begins one for every node. Documents in it are signed when a control plane starts ({@link DesiredStates#tellNewEpoch});
     * none may run meanwhile.
     *
     * @return its number
     */
    public static long begin(Handle h, InstantSource time) {
        return begin(h, time, 0);
    }

    /** As {@link #begin(Handle, InstantSource)}, and one that is newer than this one too. */
    public static long begin(Handle h, InstantSource time, long before) {
        long newest = h.createQuery("SELECT COALESCE(MAX(epoch), 0) FROM desired_states")
                .mapTo(Long.class)
                .one();
        long epoch = Math.max(Math.max(newest, before) + 1, time.instant().getEpochSecond());
        h.execute("UPDATE desired_states SET epoch = ?, serial = 0", epoch);
        return epoch;
    }

    /** The table that {@link #begin} changes. */
    public static String table() {
        return "desired_states";
    }

    /** Some of the nodes that were told nothing yet in their epoch. */
    static List<String> untold(Handle h) {
        return h.createQuery(
                        "SELECT node_id FROM desired_states WHERE serial = 0 ORDER BY node_id LIMIT " + TOLD_AT_ONCE)
                .mapTo(String.class)
                .list();
    }
}
