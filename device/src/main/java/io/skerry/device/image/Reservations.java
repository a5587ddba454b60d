package io.skerry.device.image;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.filesystem.Room;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The room that is taken for each revision: one may be fetched while another, on trial, still has its volumes to copy. Safe for
 * use by several threads.
 */
final class Reservations {
    private final Path folder;
    private final ContentDisk disk;
    private final Map<Integer, Reservation> byRevision = new ConcurrentHashMap<>();
    /** Those that the disk didn't let go of yet. */
    private final Queue<Reservation> left = new ConcurrentLinkedQueue<>();

    private Reservations(Path folder, ContentDisk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /** None yet; what a daemon left that was killed is given back. */
    static Reservations open(Path folder, ContentDisk disk) {
        try {
            if (Files.isRegularFile(folder)) {
                // Daemons that knew one reservation only kept it there.
                Files.delete(folder);
            }
            Files.createDirectories(folder);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
                for (Path file : left) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw DurableFiles.failed("clean up", folder, e);
        }
        return new Reservations(folder, disk);
    }

    /**
     * Takes room for a revision, in place of what was taken for it before.
     *
     * @param needs for what, in bytes
     * @param more bytes that stay taken until {@link #release}
     * @throws ProblemException {@code disk.full} with figures
     */
    void take(int revision, Map<Part, Long> needs, long more) {
        byRevision
                .computeIfAbsent(revision, r -> new Reservation(folder.resolve(Integer.toString(r)), disk))
                .take(needs, more);
    }

    /**
     * Gives back all that is still taken for a revision.
     *
     * @throws ProblemException {@code disk.…}; it is for {@link #tidy} then
     */
    void release(int revision) {
        Reservation reservation = byRevision.remove(revision);
        if (reservation != null) {
            left.add(reservation);
        }
        tidy();
    }

    /**
     * Gives back what couldn't be given back before.
     *
     * @throws ProblemException {@code disk.…} when that fails again
     */
    void tidy() {
        for (Reservation next = left.poll(); next != null; next = left.poll()) {
            try {
                next.release();
            } catch (ProblemException e) {
                left.add(next);
                throw e;
            }
        }
    }

    /**
     * Sees to it that there is room, with what is taken for it, for what is to be fetched now.
     *
     * @throws ProblemException {@code disk.full} with figures
     */
    void require(Map<Part, Long> needs) {
        long taken = byRevision.values().stream().mapToLong(r -> r.taken(needs)).sum();
        Room.require(Reservation.WHAT, Math.max(0, Reservation.total(needs) - taken), folder);
    }

    /** What was taken for one thing, to give back as it arrives; nothing, if nothing was. */
    Reservation.Share share(Part part) {
        return byRevision.values().stream()
                .filter(r -> r.has(part))
                .findFirst()
                .orElseGet(() -> new Reservation(folder.resolve("none"), disk))
                .share(part);
    }
}
