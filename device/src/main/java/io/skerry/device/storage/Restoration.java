package io.skerry.device.storage;

import io.skerry.spec.ProblemException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts volumes back. How far that has come is told by names alone, each of which appears by one renaming:
 *
 * <pre>
 * .v.restoring                    a copy that isn't whole: begun again, or removed
 * v, .v.restored-N                the copy is whole: v becomes .v.given-up-N
 * .v.given-up-N, .v.restored-N    .v.restored-N becomes v
 * v, .v.given-up-N                noted as restored; then .v.given-up-N is removed
 * .v.given-up-N alone             there was no room for a copy: what was kept itself becomes .v.restored-N
 * </pre>
 *
 * <p>What has come to one of the lower four is ended, not undone, when it was cut off. For one thread at a time.
 */
final class Restoration {
    private static final System.Logger LOG = System.getLogger(Restoration.class.getName());
    private static final Pattern BEGUN = Pattern.compile("\\.(" + VolumeFolders.NAME + ")\\.(new|restoring)");
    private static final Pattern PENDING =
            Pattern.compile("\\.(" + VolumeFolders.NAME + ")\\.(?:restored|given-up)-([1-9][0-9]{0,8})");

    private final VolumeFolders folders;
    private final Snapshots snapshots;
    private final Trees trees;
    private final Disk disk;

    Restoration(VolumeFolders folders, Snapshots snapshots, Trees trees, Disk disk) {
        this.folders = folders;
        this.snapshots = snapshots;
        this.trees = trees;
        this.disk = disk;
    }

    void restore(int revision, String container, String volume) {
        snapshots.require(revision, container, volume);
        resume(container, volume);
        Path now = folders.volume(container, volume);
        if (!Disk.isFolder(folders.kept(revision, container, volume))) {
            // It went to the volume's place before, and there is nothing to put back another time.
            if (!Disk.isFolder(now)) {
                throw Snapshots.missing(revision, container, volume);
            }
            noteMoved(revision, container, volume);
            return;
        }
        if (!copied(revision, container, volume) && Disk.isFolder(now)) {
            disk.move(now, folders.givenUp(container, volume, revision));
        }
        place(revision, container, volume);
    }

    private void noteMoved(int revision, String container, String volume) {
        if (snapshots.require(revision, container, volume).restoredAt().isEmpty()) {
            snapshots.noteRestored(revision, container, volume);
        }
    }

    /** Whether a restoration of this volume is under way, so that it may have no folder at the moment. */
    boolean isPending(String container, String volume) {
        return !pending(container, volume).isEmpty();
    }

    /** Ends a restoration that was cut off. */
    void resume(String container, String volume) {
        pending(container, volume).forEach(n -> place(n, container, volume));
    }

    /** Ends restorations of a container's volumes that were cut off, and removes what hadn't come so far. */
    void resume(String container) {
        for (Path entry : Snapshots.list(folders.container(container))) {
            if (BEGUN.matcher(Snapshots.name(entry)).matches()) {
                trees.remove(entry);
            }
        }
        for (Path entry : Snapshots.list(folders.container(container))) {
            Matcher name = PENDING.matcher(Snapshots.name(entry));
            if (name.matches()) {
                resume(container, name.group(1));
            }
        }
    }

    private Set<Integer> pending(String container, String volume) {
        Set<Integer> revisions = new TreeSet<>();
        for (Path entry : Snapshots.list(folders.container(container))) {
            Matcher name = PENDING.matcher(Snapshots.name(entry));
            if (name.matches() && name.group(1).equals(volume)) {
                revisions.add(Integer.valueOf(name.group(2)));
            }
        }
        return revisions;
    }

    /** Makes a copy if there is room for it; returns whether there was. */
    private boolean copied(int revision, String container, String volume) {
        try {
            copy(revision, container, volume);
            return true;
        } catch (ProblemException e) {
            if (isFull(e)) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "what was kept is put back itself: {0}",
                        e.problem().sentence());
                return false;
            }
            throw e;
        }
    }

    private static boolean isFull(ProblemException e) {
        return e.code().equals("disk.full");
    }

    private void copy(int revision, String container, String volume) {
        Path restoring = folders.restoring(container, volume);
        trees.remove(restoring);
        disk.makeFolder(folders.container(container));
        trees.copy(folders.kept(revision, container, volume), restoring, false);
        trees.sync(restoring);
        disk.move(restoring, folders.restored(container, volume, revision));
    }

    private void place(int revision, String container, String volume) {
        Path now = folders.volume(container, volume);
        Path restored = folders.restored(container, volume, revision);
        Path givenUp = folders.givenUp(container, volume, revision);
        if (!Disk.isFolder(restored) && !Disk.isFolder(now)) {
            Path kept = folders.kept(revision, container, volume);
            if (!Disk.isFolder(kept)
                    || snapshots.find(revision, container, volume).isEmpty()) {
                // What it was is lost; what there is of it is more than nothing.
                disk.move(givenUp, now);
                return;
            }
            snapshots.noteMoving(revision, container, volume);
            trees.thaw(kept);
            disk.makeFolder(folders.container(container));
            disk.move(kept, restored);
        }
        if (Disk.isFolder(restored)) {
            if (Disk.isFolder(now)) {
                trees.remove(givenUp);
                disk.move(now, givenUp);
            }
            disk.move(restored, now);
        }
        try {
            snapshots.noteRestored(revision, container, volume);
        } catch (ProblemException e) {
            if (!isFull(e) || !Disk.isFolder(givenUp)) {
                throw e;
            }
            // Not removed: its name says that the note is still to be made.
            trees.empty(givenUp);
            snapshots.noteRestored(revision, container, volume);
        }
        trees.remove(givenUp);
    }
}
