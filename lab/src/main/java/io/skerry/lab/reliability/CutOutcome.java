package io.skerry.lab.reliability;

import io.avaje.jsonb.Json;
import java.util.List;

/**
 * What one power cut in the middle of an update came to.
 *
 * @param seed from which all of it was drawn
 * @param from the version that ran
 * @param to the version that was wanted
 * @param moment when the power went, in words
 * @param lost what the disk lost, in words
 * @param mended whether the file system's superblock was torn, so that it was mended before it could be mounted
 * @param blocksWaiting how many blocks weren't durable
 * @param blocksLost how many of them didn't reach the medium whole
 * @param cameUp the version that ran after the next boot, without a network; 0 when none did
 * @param wholeSeconds from the daemon's start to that version's page
 * @param convergedSeconds from when the network was back to the wanted version's health
 * @param faults what was wrong, in sentences; empty when all was as it must be
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record CutOutcome(
        long seed,
        int from,
        int to,
        String moment,
        String lost,
        boolean mended,
        int blocksWaiting,
        int blocksLost,
        int cameUp,
        double wholeSeconds,
        double convergedSeconds,
        List<String> faults) {
    public CutOutcome {
        faults = List.copyOf(faults);
    }

    /** A cut after which the trial itself could not go on, for example since the machine did not boot. */
    public static CutOutcome failed(long seed, String why) {
        return new CutOutcome(seed, 0, 0, "at an unknown moment", "unknown", false, 0, 0, 0, 0, 0, List.of(why));
    }

    /** Whether the device did all that it must. */
    public boolean good() {
        return faults.isEmpty();
    }

    @Override
    public String toString() {
        return "%d -> %d, cut %s (%s): version %d after %.1f s, version %d after %.1f s more%s"
                .formatted(
                        from,
                        to,
                        moment,
                        lost + (mended ? "; the file system was mended" : ""),
                        cameUp,
                        wholeSeconds,
                        to,
                        convergedSeconds,
                        faults.isEmpty() ? "" : "; FAULTS (seed " + seed + "): " + String.join("; ", faults));
    }
}
