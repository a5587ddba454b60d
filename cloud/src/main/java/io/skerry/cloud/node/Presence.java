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

    /** After the start until whoever is there has called: devices call again after longer and longer whiles while nobody answers. */
    static final Duration SETTLING = Duration.ofMinutes(2);

    private final InstantSource time;
    private final long since;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    public Presence(InstantSource time) {
        this.time = time;
        since = time.millis();
    }

    /** The device called. */
    public void heard(String nodeId) {
        long now = time.millis();
        seen.compute(nodeId, (n, s) -> new Seen(s == null ? 0 : s.waiting, now, now));
    }

    /** The device waits in a poll, until {@link #answered}. */
    public void waits(String nodeId) {
        long now = time.millis();
        seen.compute(nodeId, (n, s) -> new Seen((s == null ? 0 : s.waiting) + 1, now, now));
    }

    /** A poll in which it waited is over; it may take {@link #GRACE} until the next one, unless its connection broke. */
    public void answered(String nodeId, boolean sent) {
        seen.computeIfPresent(
                nodeId,
                (n, s) -> new Seen(Math.max(0, s.waiting - 1), s.heardMillis, sent ? time.millis() : s.freeMillis));
    }

    public boolean online(String nodeId) {
        Seen s = seen.get(nodeId);
        return s != null && (s.waiting > 0 || time.millis() - s.freeMillis <= GRACE.toMillis());
    }

    /** Whether it has listened for long enough that a device that isn't {@link #online} is away. */
    public boolean isSettled() {
        return time.millis() - since >= SETTLING.toMillis();
    }

    /** When the device called last since the cloud's start, milliseconds since 1970. */
    public Optional<Long> lastSeen(String nodeId) {
        return Optional.ofNullable(seen.get(nodeId)).map(Seen::heardMillis);
    }

    void forget(String nodeId) {
        seen.remove(nodeId);
    }

    /**
     * @param heardMillis when it called last: an answer that was sent is no sign that anybody got it
     * @param freeMillis since when it was to call again, or called last
     */
    private record Seen(int waiting, long heardMillis, long freeMillis) {}
}
