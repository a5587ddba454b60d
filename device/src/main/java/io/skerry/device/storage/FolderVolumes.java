package io.skerry.device.storage;

import io.skerry.device.filesystem.Mounts;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.PreparedImage;
import io.skerry.device.revision.Volumes;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.VolumeReports;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Volumes as folders of the data folder. A new one takes content, owner and mode of what the image has at its target, as
 * Docker's named volumes do.
 */
public final class FolderVolumes implements Volumes {
    private static final System.Logger LOG = System.getLogger(FolderVolumes.class.getName());
    private static final List<String> TAKEN = List.of("/proc", "/sys", "/dev", "/host", "/run");

    private final VolumeFolders folders;
    private final Trees trees;
    private final Snapshots snapshots;
    private final Restoration restoration;
    private final ImageFolder images;
    private final Disk disk;
    /** One change at a time; what only reads needs no lock. */
    private final ReentrantLock changing = new ReentrantLock();

    FolderVolumes(Path data, Disk disk, Mounts mounts, InstantSource clock) {
        this.disk = disk;
        folders = new VolumeFolders(data.resolve("volumes"));
        trees = new Trees(disk, mounts, folders.root());
        snapshots = new Snapshots(folders, trees, disk, clock);
        restoration = new Restoration(folders, snapshots, trees, disk);
        images = new ImageFolder(data.resolve("run/image"), mounts, disk);
    }

    /**
     * The volumes of a data folder. What a daemon that was killed left is ended or removed, which must be done before a container
     * is started; what can't be done now is done when the volume is next used.
     */
    public static FolderVolumes open(Path data, HostCommands commands, InstantSource clock) {
        return opened(new FolderVolumes(data, new Disk.Real(commands), new Mounts(commands), clock));
    }

    static FolderVolumes opened(FolderVolumes volumes) {
        volumes.disk.makeFolder(volumes.folders.permanent());
        volumes.disk.makeFolder(volumes.folders.before());
        volumes.attempt(volumes.images::clear);
        volumes.attempt(volumes.snapshots::clear);
        volumes.endRestorations();
        return volumes;
    }

    private void endRestorations() {
        for (Path container : Snapshots.list(folders.permanent())) {
            if (VolumeFolders.NAME.matcher(Snapshots.name(container)).matches()) {
                attempt(() -> restoration.resume(Snapshots.name(container)));
            }
        }
    }

    private void attempt(Runnable cleaning) {
        try {
            cleaning.run();
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        }
    }

    @Override
    public boolean has(String container, String volume) {
        try {
            return Disk.isFolder(folders.volume(container, volume)) || restoration.isPending(container, volume);
        } catch (ProblemException e) {
            // One that can't be looked at fails when its container starts, and keeps no other from it.
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
            return false;
        }
    }

    @Override
    public void create(String container, VolumeMount mount, PreparedImage image) {
        check(container, mount);
        changing(() -> {
            String name = mount.source();
            restoration.resume(container, name);
            if (!Disk.isFolder(folders.volume(container, name))) {
                images.look(image, root -> create(container, name, root.resolve(mount.target())));
            }
        });
    }

    private void create(String container, String volume, Path like) {
        Path fresh = folders.fresh(container, volume);
        disk.makeFolder(folders.container(container));
        trees.remove(fresh);
        try {
            trees.make(fresh);
            if (Disk.isFolder(like)) {
                if (!Snapshots.list(like).isEmpty()) {
                    trees.fillFromImage(fresh, like);
                }
                disk.makeLike(fresh, like);
            } else {
                disk.setMode(fresh, 0755);
            }
            // Else a loss of power could leave the name without the content, which would never be copied again.
            trees.sync(fresh);
        } catch (RuntimeException e) {
            attempt(() -> trees.remove(fresh));
            throw e;
        }
        disk.move(fresh, folders.volume(container, volume));
    }

    @Override
    public void remove(String container) {
        changing(() -> {
            Path folder = folders.container(container);
            snapshots.remove(container);
            Snapshots.list(folder).forEach(trees::remove);
            disk.delete(folder);
        });
    }

    @Override
    public long snapshotBytes(String container, String volume) {
        Path folder = folders.volume(container, volume);
        return Disk.isFolder(folder) ? trees.copyBytes(folder) : 0;
    }

    /** As {@link Volumes#snapshot}; of a volume that isn't there nothing is kept. */
    @Override
    public void snapshot(int revision, String container, String volume) {
        changing(() -> {
            restoration.resume(container, volume);
            if (Disk.isFolder(folders.volume(container, volume))) {
                snapshots.take(revision, container, volume);
            }
        });
    }

    @Override
    public Set<VolumeId> snapshots(int revision) {
        Set<VolumeId> kept = new HashSet<>(snapshots.volumes(revision));
        reports(revision).stream()
                .filter(r -> r.restoredAt().isPresent())
                .forEach(r -> kept.remove(new VolumeId(r.container(), r.volume())));
        return kept;
    }

    /**
     * As {@link Volumes#restore}. Each call makes the volume what it was, also one that was restored before: whether it was, the
     * caller knows. Where there was no room for another copy, what was kept is the volume now, and further calls change nothing.
     */
    @Override
    public void restore(int revision, String container, String volume) {
        changing(() -> restoration.restore(revision, container, volume));
    }

    @Override
    public List<VolumeReports.Report> reports(int revision) {
        return snapshots.reports(revision);
    }

    @Override
    public void keepOnly(Set<Integer> revisions) {
        changing(() -> {
            // One that was cut off may still need what is about to be removed.
            endRestorations();
            snapshots.keepOnly(revisions);
        });
    }

    private void changing(Runnable change) {
        try {
            changing.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("disk.interrupted", "Waiting for other work on volumes was interrupted.").asException(e);
        }
        try {
            change.run();
        } finally {
            changing.unlock();
        }
    }

    private static void check(String container, VolumeMount mount) {
        String target = mount.target();
        boolean taken =
                TAKEN.stream().anyMatch(t -> target.equals(t) || (!t.equals("/run") && target.startsWith(t + "/")));
        boolean malformed = !target.startsWith("/")
                || target.equals("/")
                || target.endsWith("/")
                || target.indexOf('\0') >= 0
                || Stream.of(target.substring(1).split("/", -1))
                        .anyMatch(p -> p.isEmpty() || p.equals(".") || p.equals(".."));
        if (taken || malformed || !VolumeFolders.NAME.matcher(mount.source()).matches()) {
            throw new Problem(
                            "container.volume",
                            "'" + container + "' can't have a volume '" + Text.shortened(mount.source(), 60) + "' at '"
                                    + Text.shortened(target, 100) + "'.",
                            "Name it by letters, digits, dots, dashes and underscores, and use an absolute path outside"
                                    + " of /proc, /sys, /dev, /host and /run.")
                    .asException();
        }
    }
}
