package io.skerry.cloud.backup;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.blob.BucketAddress;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.storage.RowSum;
import io.skerry.cloud.storage.Snapshot;
import io.skerry.content.ContentStore;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a backup of a control plane, which may serve meanwhile.
 *
 * <p>The database comes first, all of it as it was at one moment; then the content that it reaches. The control plane may
 * remove some of that in between when nobody needs it any more: then the database is read again, and what it reaches now is
 * still there. Keys come last, for they are made before anything in the database needs them and are never removed.
 */
public final class Backup {
    /** What is kept of the data folder besides database and content. */
    static final List<String> KEPT = List.of("keys", "registry-ca");

    private static final String KEYS = KEPT.getFirst();
    private static final String AUTHORITIES = KEPT.getLast();

    /** Content is collected once in an hour, so that two are enough. */
    private static final int MOST_ROUNDS = 20;

    private final Path data;
    private final Path shared;
    private final Optional<PostgresAddress> database;
    private final Optional<BucketAddress> bucket;
    private final InstantSource time;

    /**
     * @param data the control plane's data folder
     * @param shared where its keys and content are, if not there
     * @param database where its database is; empty: in the folder
     * @param bucket where its images' content is, if not in a folder
     */
    public Backup(
            Path data,
            Optional<Path> shared,
            Optional<PostgresAddress> database,
            Optional<BucketAddress> bucket,
            InstantSource time) {
        this.data = data;
        this.shared = shared.orElse(data);
        this.database = database;
        this.bucket = bucket;
        this.time = time;
    }

    /**
     * Makes one.
     *
     * @param place a folder that isn't there yet; it appears when the backup is whole and on the disk
     * @throws ProblemException {@code backup.…}, {@code data.…}, {@code content.…}, {@code database.…}, {@code storage.unavailable}, {@code disk.…}
     */
    public Manifest to(Path place) {
        DataFolder.refuseUnfinished(data);
        DataFolder.refuseUnfinished(shared);
        // Each replica's own data folder has keys as well, but not this one.
        if (!Files.exists(shared.resolve(KEYS).resolve("authority.pem"))) {
            throw new Problem(
                            "backup.nothing",
                            "The folder " + shared + " has no control plane's authority in it.",
                            "Name the folders that the control plane is run with, with --data and, where it has one,"
                                    + " --shared.")
                    .asException();
        }
        try (Blobs content = Blobs.at(bucket, shared);
                PartFolder part = PartFolder.begin(place)) {
            content.check();
            Manifest manifest = filled(part.path(), content);
            DurableFiles.write(
                    part.path().resolve(BackupFolder.MANIFEST), BackupFolder.MANIFEST_JSON.toJsonBytes(manifest), 0600);
            part.complete();
            return manifest;
        }
    }

    private Manifest filled(Path folder, Blobs content) {
        FileTree.make(folder.resolve("tables"));
        FileTree.make(folder.resolve("content"));
        ContentStore copy = ContentStore.open(folder.resolve("content"));
        Set<Digest> missing = Set.of();
        for (int round = 1; ; round++) {
            long takenAt = time.millis();
            String schema;
            List<Manifest.TableRows> tables;
            List<Manifest.Blob> blobs;
            try (Snapshot snapshot = database.map(Snapshot::of).orElseGet(() -> Snapshot.of(data))) {
                schema = snapshot.schema();
                tables = tables(snapshot, folder);
                blobs = reached(snapshot);
            }
            Set<Digest> stillMissing = copied(blobs, content, copy);
            if (stillMissing.isEmpty()) {
                // What an earlier round copied in vain.
                Set<Digest> wanted = new HashSet<>();
                blobs.forEach(b -> wanted.add(b.digest()));
                copy.list().stream().filter(d -> !wanted.contains(d)).forEach(copy::delete);
                return new Manifest(Manifest.FORMAT, takenAt, schema, tables, keptFiles(folder), blobs);
            }
            refuseLost(missing, stillMissing);
            if (round == MOST_ROUNDS) {
                throw new Problem(
                                "backup.content-changing",
                                "Each of the " + MOST_ROUNDS
                                        + " times that it was copied, content was removed meanwhile.",
                                "Make the backup again when no versions are being removed.")
                        .asException();
            }
            missing = stillMissing;
        }
    }

    private static void refuseLost(Set<Digest> before, Set<Digest> now) {
        now.stream().filter(before::contains).findFirst().ifPresent(lost -> {
            throw new Problem(
                            "backup.content-missing",
                            "The database needs the blob " + lost + ", which isn't among the images' content.",
                            "Name where its content is, with --shared or --content as for 'run'. If it is lost, import the version"
                                    + " that has it again, or remove that version, and make the backup then.")
                    .asException();
        });
    }

    private static List<Manifest.TableRows> tables(Snapshot snapshot, Path folder) {
        List<Manifest.TableRows> tables = new ArrayList<>();
        snapshot.columns().forEach((name, columns) -> {
            RowSum sum = written(snapshot, name, BackupFolder.tableFile(folder, name));
            tables.add(new Manifest.TableRows(name, columns, sum.rows(), sum.digest()));
        });
        return tables;
    }

    private static RowSum written(Snapshot snapshot, String table, Path file) {
        var sum = new RowSum.Counter();
        try {
            // From an earlier round.
            Files.deleteIfExists(file);
            try (FileChannel channel = FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    var out = new BufferedWriter(
                            new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8))) {
                snapshot.rows(table, line -> {
                    sum.add(line);
                    try {
                        out.write(line);
                        out.write('\n');
                    } catch (IOException e) {
                        throw DurableFiles.failed("write", file, e);
                    }
                });
                out.flush();
                channel.force(true);
            }
            return sum.sum();
        } catch (IOException e) {
            throw DurableFiles.failed("write", file, e);
        }
    }

    private static List<Manifest.Blob> reached(Snapshot snapshot) {
        return snapshot.read(h -> h.createQuery(
                        "SELECT blob_digest, MAX(size) AS size FROM manifest_blobs GROUP BY blob_digest ORDER BY blob_digest")
                .map((rs, c) -> new Manifest.Blob(new Digest(rs.getString("blob_digest")), rs.getLong("size")))
                .list());
    }

    /** Copies what isn't there yet; those blobs that weren't to be found. */
    private static Set<Digest> copied(Collection<Manifest.Blob> blobs, Blobs content, ContentStore copy) {
        Set<Digest> missing = new HashSet<>();
        for (Manifest.Blob blob : blobs) {
            if (!copy.has(blob.digest()) && !content.copyTo(copy, blob.digest())) {
                missing.add(blob.digest());
            }
        }
        return missing;
    }

    private List<Manifest.KeptFile> keptFiles(Path folder) {
        List<Manifest.KeptFile> kept = new ArrayList<>(keptFiles(shared, KEYS, folder));
        kept.addAll(keptFiles(data, AUTHORITIES, folder));
        return kept;
    }

    private static List<Manifest.KeptFile> keptFiles(Path root, String name, Path folder) {
        List<Manifest.KeptFile> kept = new ArrayList<>();
        for (Path file : FileTree.files(root.resolve(name))) {
            String path = root.relativize(file).toString();
            if (!Manifest.KeptFile.fits(path)) {
                throw new Problem(
                                "backup.name-unfit",
                                "The file " + Text.shortened(path, 200) + " of " + root
                                        + " has a name that a backup can't have.",
                                "Name it with letters, digits, dots, dashes and underscores, or take it out of that folder.")
                        .asException();
            }
            try {
                byte[] bytes = Files.readAllBytes(file);
                Path copy = folder.resolve(path);
                FileTree.make(copy.resolveSibling(".").normalize());
                DurableFiles.write(copy, bytes, 0600);
                kept.add(new Manifest.KeptFile(path, Digest.of(bytes)));
            } catch (NoSuchFileException e) {
                // Only the server's certificate is ever removed, to be made anew.
            } catch (IOException e) {
                throw DurableFiles.failed("read", file, e);
            }
        }
        return kept;
    }
}
