package io.skerry.cloud;

import io.skerry.cloud.backup.Backup;
import io.skerry.cloud.backup.BackupFolder;
import io.skerry.cloud.backup.DatabaseMove;
import io.skerry.cloud.backup.Manifest;
import io.skerry.cloud.backup.Restore;
import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.blob.BucketAddress;
import io.skerry.cloud.desired.Epochs;
import io.skerry.cloud.replica.Replicas;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.storage.RowSum;
import io.skerry.cloud.storage.Snapshot;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is done to what a control plane keeps, by a program of its own. */
sealed interface Maintenance {
    /** Carries it out and tells on the stream what was done. */
    void carryOut(PrintStream out);

    /** Copies all that a control plane keeps, also while it runs. */
    record MakeBackup(
            Path place,
            Path data,
            Optional<Path> shared,
            Optional<PostgresAddress> database,
            Optional<BucketAddress> content)
            implements Maintenance {
        @Override
        public void carryOut(PrintStream out) {
            Manifest made = new Backup(data, shared, database, content, InstantSource.system()).to(place);
            out.println("Backup:     " + place + ": " + sizes(made));
            out.println("It has the keys of this control plane in it: keep it where nobody else can read it.");
        }
    }

    /** Reads a backup whole. */
    record VerifyBackup(Path place) implements Maintenance {
        @Override
        public void carryOut(PrintStream out) {
            BackupFolder backup = BackupFolder.open(place);
            backup.verify();
            out.println("Whole:      " + place + ", taken at "
                    + Instant.ofEpochMilli(backup.manifest().takenAt()) + ": " + sizes(backup.manifest()));
        }
    }

    /** Puts a backup into a folder, and a database, that hold nothing. */
    record RestoreBackup(Path place, Path data, Optional<PostgresAddress> database, Optional<BucketAddress> content)
            implements Maintenance {
        @Override
        public void carryOut(PrintStream out) {
            BackupFolder backup = BackupFolder.open(place);
            new Restore(data, database, content, InstantSource.system()).from(backup);
            Instant taken = Instant.ofEpochMilli(backup.manifest().takenAt());
            out.println("Restored:   " + data + ", as it was at " + taken + ": " + sizes(backup.manifest()));
            out.println(
                    "Changes after that are lost; so are revocations of API keys and removals of devices: make them again.");
            out.println("Never start the control plane that the backup was made of beside this one.");
        }
    }

    /** Moves the embedded database to PostgreSQL. */
    record MoveDatabase(Path data, PostgresAddress database) implements Maintenance {
        @Override
        public void carryOut(PrintStream out) {
            Map<String, RowSum> moved = new DatabaseMove(data, database, InstantSource.system()).carryOut();
            long rows = moved.values().stream().mapToLong(RowSum::rows).sum();
            out.println("Moved:      " + moved.size() + " tables with " + rows + " rows to " + database.told()
                    + "; each was compared.");
            out.println("From now on start the control plane with --database. Keys and images stay in " + data + ".");
        }
    }

    /** Copies the images' content from a folder into a bucket; what is there already isn't copied again. */
    record CopyContent(Path root, BucketAddress bucket) implements Maintenance {
        @Override
        public void carryOut(PrintStream out) {
            if (!Files.isDirectory(root.resolve("content"))) {
                throw new Problem(
                                "content.nothing",
                                "The folder " + root + " has no images' content in it.",
                                "Name the folders that the control plane is run with, with --data and, where it has"
                                        + " one, --shared.")
                        .asException();
            }
            long copied = 0;
            try (Blobs from = Blobs.at(Optional.empty(), root);
                    Blobs to = Blobs.at(Optional.of(bucket), root)) {
                to.check();
                for (Digest digest : from.stored().map(Blobs.Stored::digest).toList()) {
                    copied += copied(from, to, digest) ? 1 : 0;
                }
            }
            out.println("Copied:     " + copied + " blobs to " + bucket.told() + "; what was there is left as it is.");
            out.println("Once nothing more is copied, start the control plane with --content; the folder "
                    + root.resolve("content") + " isn't needed then.");
        }

        private static boolean copied(Blobs from, Blobs to, Digest digest) {
            if (to.has(digest)) {
                return false;
            }
            try (InputStream in = from.open(digest)) {
                to.put(digest, in);
                return true;
            } catch (ProblemException e) {
                if (e.code().equals("content.missing")) {
                    // The control plane has removed it just now.
                    return false;
                }
                throw e;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Has devices follow a control plane whose files or database were put back from a copy.
     *
     * @param after an epoch that devices know already and that the copy doesn't; 0 is none
     */
    record BeginEpoch(Path data, Optional<PostgresAddress> database, long after) implements Maintenance {
        @Override
        public void carryOut(PrintStream out) {
            if (database.isEmpty()) {
                Snapshot.requireOne(data);
            }
            try (DataFolder folder = DataFolder.open(data);
                    Storage storage = database.map(Storage::open).orElseGet(() -> Storage.open(folder))) {
                if (!storage.read(new Replicas(storage, "")::others).isEmpty()) {
                    throw new Problem(
                                    "data.in-use",
                                    "A control plane uses the database, or did until a moment ago.",
                                    "Stop all of them, and wait for 20 seconds after one that was killed.")
                            .asException();
                }
                long epoch = storage.write(h -> Epochs.begin(h, InstantSource.system(), after));
                out.println("Epoch:      " + epoch + " begins when the control plane is started.");
            }
        }
    }

    private static String sizes(Manifest manifest) {
        return manifest.rows() + " rows, " + manifest.blobs().size() + " blobs (" + manifest.blobBytes() + " bytes), "
                + manifest.files().size() + " files.";
    }

    /**
     * Reads the arguments.
     *
     * @throws ProblemException {@code usage}
     */
    static Maintenance parse(List<String> arguments) {
        Iterator<String> rest = arguments.iterator();
        String verb = rest.next();
        Optional<Path> data = Optional.empty();
        Optional<Path> shared = Optional.empty();
        Optional<String> url = Optional.empty();
        Optional<Path> passwordFile = Optional.empty();
        long after = 0;
        Optional<String> bucket = Optional.empty();
        Optional<Path> credentialsFile = Optional.empty();
        var places = new ArrayList<Path>();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--data" -> data = Optional.of(CommandLine.path(word, rest));
                case "--shared" -> shared = Optional.of(CommandLine.path(word, rest));
                case "--database" -> url = Optional.of(CommandLine.value(word, rest));
                case "--content" -> bucket = Optional.of(CommandLine.value(word, rest));
                case "--content-credentials-file" -> credentialsFile = Optional.of(CommandLine.path(word, rest));
                case "--database-password-file" -> passwordFile = Optional.of(CommandLine.path(word, rest));
                case "--after" -> after = epoch(CommandLine.value(word, rest));
                default -> {
                    if (word.startsWith("--")) {
                        throw CommandLine.usage(
                                "'" + Text.shortened(word, 40) + "' is not an option of '" + verb + "'.");
                    }
                    places.add(CommandLine.path("BACKUP", List.of(word).iterator()));
                }
            }
        }
        if (shared.isPresent() && !List.of("backup", "copy-content").contains(verb)) {
            throw CommandLine.usage("--shared is for 'run', 'backup' and 'copy-content' alone.");
        }
        if (after > 0 && !verb.equals("new-epoch")) {
            throw CommandLine.usage("--after is for 'new-epoch' alone.");
        }
        Optional<BucketAddress> content = CommandLine.content(bucket, credentialsFile);
        if (content.isPresent() && !List.of("backup", "restore", "copy-content").contains(verb)) {
            throw CommandLine.usage("--content is for 'run', 'backup', 'restore' and 'copy-content' alone.");
        }
        return of(verb, places, data, shared, CommandLine.database(url, passwordFile), content, after);
    }

    private static long epoch(String text) {
        // Ten digits are seconds until the year 2286: an epoch beyond that could hardly ever be followed by another
        // one.
        if (!text.matches("[1-9][0-9]{0,9}")) {
            throw CommandLine.usage(
                    "--after is an epoch's number, 1 to 9999999999, not '" + Text.shortened(text, 40) + "'.");
        }
        return Long.parseLong(text);
    }

    private static Maintenance of(
            String verb,
            List<Path> places,
            Optional<Path> data,
            Optional<Path> shared,
            Optional<PostgresAddress> database,
            Optional<BucketAddress> content,
            long after) {
        return switch (verb) {
            case "backup" -> new MakeBackup(place(verb, places), required(data), shared, database, content);
            case "verify" -> {
                if (data.isPresent() || database.isPresent()) {
                    throw CommandLine.usage("'verify' takes a backup and nothing else.");
                }
                yield new VerifyBackup(place(verb, places));
            }
            case "restore" -> new RestoreBackup(place(verb, places), required(data), database, content);
            case "copy-content" -> {
                none(verb, places);
                if (database.isPresent()) {
                    throw CommandLine.usage("'copy-content' takes no database.");
                }
                yield new CopyContent(
                        shared.orElseGet(() -> required(data)),
                        content.orElseThrow(() -> CommandLine.usage("--content is missing.")));
            }
            case "migrate" -> {
                none(verb, places);
                yield new MoveDatabase(
                        required(data), database.orElseThrow(() -> CommandLine.usage("--database is missing.")));
            }
            case "new-epoch" -> {
                none(verb, places);
                yield new BeginEpoch(required(data), database, after);
            }
            default -> throw CommandLine.usage("'" + Text.shortened(verb, 40) + "' is not a verb.");
        };
    }

    private static Path place(String verb, List<Path> places) {
        if (places.size() != 1) {
            throw CommandLine.usage("'" + verb + "' takes one backup, not " + places.size() + ".");
        }
        return places.getFirst();
    }

    private static void none(String verb, List<Path> places) {
        if (!places.isEmpty()) {
            throw CommandLine.usage("'" + verb + "' takes no backup.");
        }
    }

    private static Path required(Optional<Path> data) {
        return data.orElseThrow(() -> CommandLine.usage("--data is missing."));
    }
}
