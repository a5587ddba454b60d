package io.skerry.device.image;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;

/** Refuses a fetch that the disk has no room for, before its first byte. */
final class SpaceCheck {
    /** Left free for logs, state and what the containers write. */
    static final long RESERVE = 32L << 20;

    private SpaceCheck() {}

    /**
     * @param image for the message
     * @param needed what will be fetched and unpacked, in bytes
     * @param free what the daemon may still use
     * @throws ProblemException {@code disk.full}
     */
    static void require(String image, long needed, long free) {
        if (needed > 0 && needed + RESERVE > free) {
            throw new Problem(
                            "disk.full",
                            "Image " + image + " needs " + megabytes(needed) + " MB on the disk and "
                                    + megabytes(RESERVE) + " MB to spare, but only " + megabytes(free)
                                    + " MB are free.",
                            "Free some space; it is tried again by itself.")
                    .asException();
        }
    }

    private static String megabytes(long bytes) {
        return Long.toString((bytes + 999_999) / 1_000_000);
    }
}
