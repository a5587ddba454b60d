package io.skerry.cloud.observation;

import java.time.Duration;

/**
 * What has been told of a device's coming and going, and so how long the opposite must last before it is told: that a device is away for two
 * minutes, that it is there not at all; and twice as long with each change that follows another within the hour, up to half an hour. An hour
 * without a change makes up for one. So a flapping link is told now and then only, and how it ends always.
 *
 * @param online whether it is there, as far as was told
 * @param changedAt when that was told, milliseconds since 1970; 0: it was never told
 * @param flaps how many changes followed one another until then
 */
record PresenceTold(boolean online, long changedAt, int flaps) {
    private static final Duration FIRST = Duration.ofMinutes(2);
    private static final Duration LONGEST = Duration.ofMinutes(32);
    private static final Duration QUIET = Duration.ofHours(1);
    private static final int MOST_FLAPS = 8;

    /** Of a device that was never told of. */
    static final PresenceTold NEVER = new PresenceTold(false, 0, 0);

    /** How long the opposite must have lasted at that moment to be told. */
    Duration holdAt(long now) {
        int flapping = flapsAt(now);
        if (!online && flapping <= 1) {
            return Duration.ZERO;
        }
        Duration hold = FIRST.multipliedBy(1L << flapping);
        return hold.compareTo(LONGEST) > 0 ? LONGEST : hold;
    }

    /** Once the opposite is told. */
    PresenceTold changed(long now) {
        boolean another = changedAt > 0 && (flapsAt(now) > 0 || now - changedAt < QUIET.toMillis());
        return new PresenceTold(!online, now, another ? Math.min(MOST_FLAPS, flapsAt(now) + 1) : 0);
    }

    private int flapsAt(long now) {
        return (int) Math.max(0, flaps - Math.max(0, now - changedAt) / QUIET.toMillis());
    }
}
