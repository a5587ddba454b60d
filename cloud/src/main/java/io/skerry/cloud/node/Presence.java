package io.skerry.cloud.node;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Which devices are there: those that have a poll open, or were heard of within the last {@link #GRACE}, here or, as far as
 * that was told, in another process.
 */
public final class Presence {
    /** How long a device may take from one poll's answer to the next poll. */
    static final Duration GRACE = Duration.ofSeconds(30);

    /** How long it waits for those to call that were there before: they call after longer and longer whiles while nobody answers. */
    static final Duration SETTLING = Duration.ofMinutes(2);

    private final InstantSource time;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final AtomicReference<Listening> listening;
    private volatile Elsewhere elsewhere = new Elsewhere(Set.of(), 0);

    public Presence(InstantSource time) {
        this.time = time;
        listening = new AtomicReference<>(new Listening(time.millis(), false));
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
        return elsewhere.nodes.contains(nodeId) || isHere(nodeId);
    }

    private boolean isHere(String nodeId) {
        Seen s = seen.get(nodeId);
        return s != null && (s.waiting > 0 || time.millis() - s.freeMillis <= GRACE.toMillis());
    }

    /** The devices that are at this process. */
    Set<String> here() {
        return seen.keySet().stream().filter(this::isHere).collect(Collectors.toUnmodifiableSet());
    }

    /** These devices are at other processes, as of now. */
    void elsewhere(Set<String> nodeIds) {
        elsewhere = new Elsewhere(Set.copyOf(nodeIds), time.millis());
    }

    /** Another process has died: its devices will call again. */
    public void unsettle() {
        listening.set(new Listening(time.millis(), false));
    }

    /** What it listens for since its start, or since another process has died. */
    public Listening listening() {
        return listening.get();
    }

    /** All that were there before have called: nobody is waited for any more, unless another process has died meanwhile. */
    public void allBack(Listening meanwhile) {
        listening.compareAndSet(meanwhile, new Listening(meanwhile.since, true));
    }

    /** Whether it has listened for long enough that a device that isn't {@link #online} is away. */
    public boolean isSettled() {
        Listening now = listening.get();
        return now.allBack || time.millis() - now.since >= SETTLING.toMillis();
    }

    /** When the device was last known to be there since the cloud's start, milliseconds since 1970. */
    public Optional<Long> lastSeen(String nodeId) {
        Elsewhere others = elsewhere;
        return others.nodes.contains(nodeId)
                ? Optional.of(others.atMillis)
                : Optional.ofNullable(seen.get(nodeId)).map(Seen::heardMillis);
    }

    /** The device was removed. */
    public void forget(String nodeId) {
        seen.remove(nodeId);
    }

    /** One wait for devices to call. */
    public static final class Listening {
        private final long since;
        private final boolean allBack;

        private Listening(long since, boolean allBack) {
            this.since = since;
            this.allBack = allBack;
        }
    }

    /** @param atMillis when that was so */
    private record Elsewhere(Set<String> nodes, long atMillis) {}

    /**
     * @param heardMillis when it called last: an answer that was sent is no sign that anybody got it
     * @param freeMillis since when it was to call again, or called last
     */
    private record Seen(int waiting, long heardMillis, long freeMillis) {}
}
