package io.skerry.cloud.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.blob.TestContent;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.RowSum;
import io.skerry.cloud.storage.Snapshot;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A control plane with something in it, and a folder for its backup. */
abstract class BackupScene {
    static final InstantSource NOON = InstantSource.fixed(Instant.parse("2027-03-01T12:00:00Z"));

    final Path data;

    final Path place;

    final Path target;

    final DataFolder folder;

    final Storage storage;

    final Blobs content;

    BackupScene(@TempDir Path root) throws IOException {
        data = root.resolve("data");
        place = root.resolve("backup");
        target = root.resolve("target");
        folder = DataFolder.open(data);
        storage = TestDatabase.open(folder);
        content = TestContent.open(data);
        for (String key : List.of("keys/authority.pem", "keys/sealing/1.key", "keys/customers/c1/root.pem")) {
            Path file = data.resolve(key);
            Files.createDirectories(file.resolveSibling(".").normalize());
            Files.writeString(file, "the secret of " + key);
        }
        Files.writeString(data.resolve("keys/.authority.pem.1234.tmp"), "half written");
        Files.createDirectories(data.resolve("registry-ca"));
        Files.writeString(data.resolve("registry-ca/ours.pem"), "a certificate");
    }

    @AfterEach
    void close() {
        content.close();
        storage.close();
        folder.close();
    }

    Manifest backup() {
        return new Backup(data, Optional.empty(), TestDatabase.of(data), TestContent.of(data), NOON).to(place);
    }

    void restore() {
        new Restore(target, TestDatabase.of(target), TestContent.of(target), NOON).from(BackupFolder.open(place));
    }

    Digest blob(String says) {
        Digest digest = content.put(says.getBytes(StandardCharsets.UTF_8));
        storage.write(
                h -> h.execute("INSERT INTO manifest_blobs VALUES ('m', ?, ?, 't')", digest.value(), says.length()));
        return digest;
    }

    /** The tables were filled with whatever; what a manifest reaches must be content. */
    void blobsOfAllManifests() {
        storage.write(h -> {
            for (String was : h.createQuery("SELECT blob_digest FROM manifest_blobs")
                    .mapTo(String.class)
                    .list()) {
                h.execute(
                        "UPDATE manifest_blobs SET blob_digest = ? WHERE blob_digest = ?",
                        content.put(was.getBytes(StandardCharsets.UTF_8)).value(),
                        was);
            }
            return 0;
        });
    }

    static long sum(Path backup, String table) {
        var sum = new java.util.concurrent.atomic.AtomicLong();
        BackupFolder.open(backup)
                .rows(table, line -> sum.addAndGet(Long.parseLong(line.substring(line.indexOf('\t') + 1))));
        return sum.get();
    }

    static Snapshot snapshot(Path folder) {
        return TestDatabase.of(folder).map(Snapshot::of).orElseGet(() -> Snapshot.of(folder));
    }

    static Map<String, RowSum> sums(Snapshot snapshot) {
        var sums = new TreeMap<String, RowSum>();
        snapshot.columns().keySet().forEach(table -> {
            var counter = new RowSum.Counter();
            snapshot.rows(table, counter::add);
            sums.put(table, counter.sum());
        });
        // A note of the database's own connections, which come and go.
        sums.remove("storage_writers");
        return sums;
    }

    static long rows(Map<String, RowSum> sums, String table) {
        return Objects.requireNonNull(sums.get(table)).rows();
    }

    static void assertProblem(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
