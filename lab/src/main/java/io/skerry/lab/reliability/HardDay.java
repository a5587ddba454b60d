package io.skerry.lab.reliability;

import java.util.List;

/**
 * What one update that something happened to came to.
 *
 * @param seed from which it was drawn
 * @param from the version that ran
 * @param to the version that was wanted
 * @param what happened, in words
 * @param seconds from the end of that to a device that is as it should be
 * @param faults what was wrong, in sentences; empty when all was as it must be
 */
public record HardDay(long seed, int from, int to, String what, double seconds, List<String> faults) {
    public HardDay {
        faults = List.copyOf(faults);
    }

    /** Whether the device did all that it must. */
    public boolean good() {
        return faults.isEmpty();
    }

    @Override
    public String toString() {
        return "%d -> %d, %s: as it should be after %.1f s%s"
                .formatted(
                        from,
                        to,
                        what,
                        seconds,
                        good() ? "" : "; FAULTS (seed " + seed + "): " + String.join("; ", faults));
    }
}
