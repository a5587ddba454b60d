package io.skerry.device.storage;

import io.avaje.jsonb.JsonType;
import io.skerry.content.files.DurableFiles;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.status.VolumeReports.Method;
import io.skerry.spec.status.VolumeReports.Report;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Volumes as they were before an update. One counts when its record stands beside it, which is written after its content is on
 * the disk and removed before it, or when its record says that it was moved to the volume's place. For one thread at a time, but for what only reads.
 */
final class Snapshots {
    private static final System.Logger LOG = System.getLogger(Snapshots.class.getName());
    private static final JsonType<Report> RECORD = Wire.lenient(Report.class);
    private static final int MOST_RECORD_BYTES = 64 << 10;
    private static final Pattern REVISION = Pattern.compile("[1-9][0-9]{0,8}");
    private static final Pattern RECORD_NAME = Pattern.compile("\\.(" + VolumeFolders.NAME + ")\\.(json|moved)");

    private final VolumeFolders folders;
    private final Trees trees;
    private final Disk disk;
    private final InstantSource clock;

    Snapshots(VolumeFolders folders, Trees trees, Disk disk, InstantSource clock) {
        this.folders = folders;
        this.trees = trees;
        this.disk = disk;
        this.clock = clock;
    }

    void take(int revision, String container, String volume) {
        if (find(revision, container, volume)
                .filter(r -> r.restoredAt().isEmpty())
                .isPresent()) {
            return;
        }
        Path kept = folders.kept(revision, container, volume);
        disk.delete(folders.record(revision, container, volume));
        disk.delete(folders.movedRecord(revision, container, volume));
        trees.remove(kept);
        disk.makeFolder(folders.kept(revision, container));
        long takenAt = clock.millis();
        Method method = trees.copy(folders.volume(container, volume), kept, true);
        trees.sync(kept);
        long bytes = method == Method.COPY ? trees.bytes(kept) : 0;
        write(
                folders.record(revision, container, volume),
                new Report(container, volume, method, bytes, takenAt, Optional.empty()));
    }

    Optional<Report> find(int revision, String container, String volume) {
        return counting(revision, container, volume).flatMap(Snapshots::read);
    }

    /** The record that counts. */
    private Optional<Path> counting(int revision, String container, String volume) {
        Path moved = folders.movedRecord(revision, container, volume);
        if (Files.exists(moved)) {
            return Optional.of(moved);
        }
        return Optional.of(folders.record(revision, container, volume))
                .filter(_ -> Disk.isFolder(folders.kept(revision, container, volume)));
    }

    /** What was kept itself goes to the volume's place from now on. Takes no room on the disk. */
    void noteMoving(int revision, String container, String volume) {
        Path record = folders.record(revision, container, volume);
        if (Files.exists(record)) {
            disk.move(record, folders.movedRecord(revision, container, volume));
        }
    }

    void noteRestored(int revision, String container, String volume) {
        Optional<Path> record = counting(revision, container, volume);
        record.flatMap(Snapshots::read)
                .ifPresent(r -> write(
                        record.get(),
                        new Report(
                                container, volume, r.method(), r.bytes(), r.takenAt(), Optional.of(clock.millis()))));
    }

    List<Report> reports(int revision) {
        List<Report> reports = new ArrayList<>();
        for (Path container : readable(folders.before().resolve(Integer.toString(revision)))) {
            for (Path file : readable(container)) {
                Matcher name = RECORD_NAME.matcher(name(file));
                if (name.matches()) {
                    find(revision, name(container), name.group(1)).ifPresent(reports::add);
                }
            }
        }
        return reports;
    }

    Set<VolumeId> volumes(int revision) {
        Set<VolumeId> ids = new TreeSet<>();
        reports(revision).forEach(r -> ids.add(new VolumeId(r.container(), r.volume())));
        return ids;
    }

    void keepOnly(Set<Integer> revisions) {
        for (Path revision : list(folders.before())) {
            boolean known = REVISION.matcher(name(revision)).matches();
            if (known && !revisions.contains(Integer.valueOf(name(revision)))) {
                list(revision).forEach(this::removeContainer);
                disk.delete(revision);
            }
        }
    }

    void remove(String container) {
        for (Path revision : list(folders.before())) {
            removeContainer(revision.resolve(container));
        }
    }

    private void removeContainer(Path container) {
        if (!Disk.isFolder(container)) {
            return;
        }
        // The records go first, so that none stands beside a folder that is being removed.
        list(container).stream().filter(f -> !Disk.isFolder(f)).forEach(disk::delete);
        list(container).forEach(trees::remove);
        disk.delete(container);
    }

    /** Removes what was cut off before it counted. */
    void clear() {
        for (Path revision : list(folders.before())) {
            for (Path container : list(revision)) {
                for (Path entry : list(container)) {
                    if (!counts(entry)) {
                        trees.remove(entry);
                    }
                }
            }
        }
    }

    private static boolean counts(Path entry) {
        if (Disk.isFolder(entry)) {
            return Files.exists(entry.resolveSibling("." + name(entry) + ".json"))
                    || Files.exists(entry.resolveSibling("." + name(entry) + ".moved"));
        }
        Matcher record = RECORD_NAME.matcher(name(entry));
        return record.matches()
                && (record.group(2).equals("moved") || Disk.isFolder(entry.resolveSibling(record.group(1))));
    }

    private void write(Path record, Report report) {
        disk.write(record, RECORD.toJsonBytes(report));
    }

    private static Optional<Report> read(Path record) {
        try (InputStream in = Files.newInputStream(record)) {
            return Optional.of(Wire.read(RECORD, in.readNBytes(MOST_RECORD_BYTES), "The record " + record));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (ProblemException e) {
            // It was written whole: the disk is damaged, and perhaps also what the record is about.
            LOG.log(System.Logger.Level.ERROR, e.problem().sentence(), e);
            return Optional.empty();
        } catch (ClosedByInterruptException e) {
            throw DurableFiles.failed("read", record, e);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the record " + record + " counts as if it were not there", e);
            return Optional.empty();
        }
    }

    /** Nothing of what can't be read, so that one bad place on the disk doesn't hide the other snapshots. */
    private static List<Path> readable(Path folder) {
        try {
            return list(folder);
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.ERROR, e.problem().sentence(), e);
            return List.of();
        }
    }

    static List<Path> list(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (var all = Files.newDirectoryStream(folder)) {
            all.forEach(entries::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw DurableFiles.failed("list", folder, e);
        }
        entries.sort(null);
        return entries;
    }

    static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** @throws ProblemException {@code disk.snapshot-missing} */
    Report require(int revision, String container, String volume) {
        return find(revision, container, volume).orElseThrow(() -> missing(revision, container, volume));
    }

    static ProblemException missing(int revision, String container, String volume) {
        return new Problem(
                        "disk.snapshot-missing",
                        "The volume '" + volume + "' of '" + container + "' was not kept for revision " + revision
                                + ".")
                .asException();
    }
}
