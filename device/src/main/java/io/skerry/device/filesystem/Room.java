package io.skerry.device.filesystem;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.nio.file.Path;

/** How much room a file system has for what the daemon brings there. */
public final class Room {
    private static final long MOST_FLOOR = 16L << 20;
    private static final long FLOOR_SHARE = 100;

    private Room() {}

    /** What this process may still write to the file system of a folder, in bytes. */
    public static long free(Path folder) {
        // Unlike a FileStore, this needs no entry in the table of mounts, which a subvolume of btrfs doesn't have.
        return folder.toFile().getUsableSpace();
    }

    /**
     * What images and copies leave free, so that the daemon's own files, some kilobytes each, can always be written: 16 MiB, or
     * a hundredth of a small file system.
     */
    public static long floor(Path folder) {
        return Math.min(MOST_FLOOR, folder.toFile().getTotalSpace() / FLOOR_SHARE);
    }

    /**
     * @param what for the message: "The update"
     * @param needed bytes that are to be written to the file system of the folder, besides the floor
     * @throws ProblemException {@code disk.full} with figures
     */
    public static void require(String what, long needed, Path folder) {
        long wanted = needed + floor(folder);
        long free = free(folder);
        if (needed > 0 && wanted > free) {
            throw full(what, wanted, free);
        }
    }

    /** @return {@code disk.full} with figures */
    public static ProblemException full(String what, long wanted, long free) {
        return new Problem(
                        "disk.full",
                        what + " needs " + megabytes(wanted) + " MB on the disk, but only " + free / 1_000_000
                                + " MB are free: " + megabytes(Math.max(1, wanted - free)) + " MB are short.",
                        "Free some space or use a larger disk; it is tried again by itself.")
                .asException();
    }

    private static String megabytes(long bytes) {
        return Long.toString((bytes + 999_999) / 1_000_000);
    }
}
