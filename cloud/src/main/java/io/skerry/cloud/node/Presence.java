package io.skerry.cloud.node;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which devices are there: those that have a poll open, or were heard of within the last {@link #GRACE}. */
public final class Presence {
    /** How long a device may take from one poll's answer to the next poll. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private final InstantSource time;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    public Presence(InstantSource time) {
        this.time = time;
    }

    /** The device called. */
    public void heard(String nodeId) {
        seen.compute(nodeId, (n, s) -> new Seen(s == null ? 0 : s.waiting, time.millis()));
    }

    /** The device waits in a poll, until {@link #answered}. */
    public void waits(String nodeId) {
        seen.compute(nodeId, (n, s) -> new Seen((s == null ? 0 : s.waiting) + 1, time.millis()));
    }

    /** A poll in which it waited is over; it is only as alive as it was when the poll came, if its connection broke. */
    public void answered(String nodeId, boolean alive) {
        seen.computeIfPresent(
                nodeId, (n, s) -> new Seen(Math.max(0, s.waiting - 1), alive ? time.millis() : s.lastMillis));
    }

    public boolean online(String nodeId) {
        Seen s = seen.get(nodeId);
        return s != null && (s.waiting > 0 || time.millis() - s.lastMillis <= GRACE.toMillis());
    }

    /** When the device was heard of last since the cloud's start, milliseconds since 1970. */
    public Optional<Long> lastSeen(String nodeId) {
        return Optional.ofNullable(seen.get(nodeId)).map(Seen::lastMillis);
    }

    void forget(String nodeId) {
        seen.remove(nodeId);
    }

    private record Seen(int waiting, long lastMillis) {}
}
