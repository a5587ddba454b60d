package io.skerry.cloud.backup;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.blob.BucketAddress;
import io.skerry.cloud.desired.Epochs;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.NewDatabase;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.storage.Unfinished;
import io.skerry.content.ContentStore;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores a backup into a folder, and a database, that hold nothing yet, and begins a new epoch in it.
 *
 * <p>The database comes last, in one transaction. Until all is done the folder says so, and no control plane starts on it; a
 * restore that was cut off begins anew.
 */
public final class Restore {
    private static final Logger LOG = LoggerFactory.getLogger(Restore.class);
    private static final String WHAT = "restore";
    /** What a data folder, or a disk's root, has in it before anything is kept there. */
    private static final Set<String> NOTHING = Set.of("lock", "format.json", "tmp", "unfinished.json", "lost+found");

    private final Path data;
    private final Optional<PostgresAddress> database;
    private final Optional<BucketAddress> bucket;
    private final InstantSource time;

    /**
     * @param data the folder to be filled, made when it isn't there
     * @param database the database to be filled; empty: the embedded one
     * @param bucket where the images' content goes, if not into the folder; what is there already stays
     */
    public Restore(Path data, Optional<PostgresAddress> database, Optional<BucketAddress> bucket, InstantSource time) {
        this.data = data;
        this.database = database;
        this.bucket = bucket;
        this.time = time;
    }

    /**
     * Restores it, after all of it was verified.
     *
     * @throws ProblemException {@code backup.damaged}, {@code data.not-empty}, {@code data.in-use}, {@code database.not-empty},
     *     {@code data.newer-version}, {@code database.…}, {@code content.…}, {@code storage.unavailable}, {@code disk.…}
     */
    public void from(BackupFolder backup) {
        backup.verify();
        // Before a lock is put into a folder that is somebody else's.
        requireEmpty();
        try (DataFolder folder = DataFolder.openUnfinished(data)) {
            requireEmpty();
            if (DataFolder.unfinished(data).isPresent() && isFilled(backup)) {
                folder.finish();
                return;
            }
            database.map(NewDatabase::at).ifPresent(NewDatabase::requireEmpty);
            folder.begin(mark());
            FileTree.empty(data, NOTHING);
            content(backup);
            files(backup);
            NewDatabase target = database.map(NewDatabase::at).orElseGet(() -> NewDatabase.in(folder));
            // Where this machine's clock is behind: no epoch can have begun later than at this backup, as far as it
            // knows.
            long taken = backup.manifest().takenAt() / 1000 - 1;
            target.fill(backup, h -> LOG.info("Epoch {} begins.", Epochs.begin(h, time, taken)));
            folder.finish();
        }
    }

    private Unfinished mark() {
        return new Unfinished(WHAT, database.map(PostgresAddress::told).orElse(""));
    }

    /** Whether all but the last word was done before it was cut off: then what the database holds can't be emptied here. */
    private boolean isFilled(BackupFolder backup) {
        return database.map(NewDatabase::at)
                .map(d -> d.differing(backup))
                .filter(differing -> Set.of(Epochs.table()).containsAll(differing))
                .isPresent();
    }

    private void requireEmpty() {
        var entries = FileTree.entries(data);
        boolean cutOff = entries.stream().anyMatch(e -> e.endsWith("unfinished.json"))
                && DataFolder.unfinished(data).filter(mark()::equals).isPresent();
        if (cutOff) {
            return;
        }
        entries.stream()
                .filter(e -> !NOTHING.contains(String.valueOf(e.getFileName())) || e.endsWith("unfinished.json"))
                .findFirst()
                .ifPresent(e -> {
                    throw new Problem(
                                    "data.not-empty",
                                    "The folder " + data + " has something in it already: " + e.getFileName() + ".",
                                    "Restore into a new folder; what is there is left as it is.")
                            .asException();
                });
    }

    private void content(BackupFolder backup) {
        ContentStore from = backup.content();
        try (Blobs to = Blobs.at(bucket, data)) {
            to.check();
            for (Manifest.Blob blob : backup.manifest().blobs()) {
                try (InputStream in = from.open(blob.digest())) {
                    to.put(blob.digest(), in);
                } catch (IOException e) {
                    throw DurableFiles.failed("read", from.path(blob.digest()), e);
                }
            }
        }
    }

    private void files(BackupFolder backup) {
        for (Manifest.KeptFile file : backup.manifest().files()) {
            Path copy = data.resolve(file.path());
            FileTree.make(copy.resolveSibling(".").normalize());
            DurableFiles.write(copy, backup.file(file), 0600);
        }
        Backup.KEPT.stream().map(data::resolve).filter(Files::isDirectory).forEach(FileTree::syncFolders);
        DurableFiles.syncDirectory(data);
    }
}
