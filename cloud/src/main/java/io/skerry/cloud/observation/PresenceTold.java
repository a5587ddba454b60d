package io.skerry.cloud.observation;

import java.time.Duration;

/**
 * What has been told of a device's coming and going, and so how long the opposite must last before it is told: that a device is away for two
 * minutes, that it is there at once; and each twice as long as the time before when a change follows another within the hour, so that
 * a flapping link is told twice an hour at most, and how it ends is always told.
 *
 * @param online whether it is there, as far as was told
 * @param changedAt when that was told, milliseconds since 1970; 0: it was never told
 * @param flaps how many changes followed one another of late
 */
record PresenceTold(boolean online, long changedAt, int flaps) {
    private static final Duration FIRST = Duration.ofMinutes(2);
    private static final Duration LONGEST = Duration.ofMinutes(32);
    private static final Duration QUIET = Duration.ofHours(1);

    /** Of a device that was never told of. */
    static final PresenceTold NEVER = new PresenceTold(false, 0, 0);

    /** How long the opposite must have lasted at that moment to be told. */
    Duration holdAt(long now) {
        int flapping = now - changedAt < QUIET.toMillis() ? flaps : 0;
        if (!online && flapping <= 1) {
            return Duration.ZERO;
        }
        Duration hold = FIRST.multipliedBy(1L << Math.min(flapping, 10));
        return hold.compareTo(LONGEST) > 0 ? LONGEST : hold;
    }

    /** Once the opposite is told. */
    PresenceTold changed(long now) {
        boolean soon = changedAt > 0 && now - changedAt < QUIET.toMillis();
        return new PresenceTold(!online, now, soon ? flaps + 1 : 0);
    }
}
