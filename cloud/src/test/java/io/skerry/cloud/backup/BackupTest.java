package io.skerry.cloud.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.blob.TestContent;
import io.skerry.cloud.storage.FullTables;
import io.skerry.cloud.storage.RowSum;
import io.skerry.cloud.storage.Snapshot;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.content.ContentStore;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backup has, also while others write. */
@Tag(TestDatabase.TAG)
class BackupTest extends BackupScene {
    private static final int LIVE = 200;

    private static final String CHANGED_BY_A_RESTORE = "desired_states";

    /** Someone who writes all the time, until it is closed. */
    private static final class Writers implements AutoCloseable {
        private final AtomicBoolean on = new AtomicBoolean(true);
        private final CompletableFuture<Void> done;

        private Writers(IntConsumer work) {
            done = CompletableFuture.runAsync(() -> {
                for (int n = 0; on.get(); n++) {
                    work.accept(n);
                }
            });
        }

        static Writers begin(IntConsumer work) {
            return new Writers(work);
        }

        @Override
        public void close() {
            on.set(false);
            // Throws what the work threw.
            done.join();
        }
    }

    BackupTest(@TempDir Path root) throws IOException {
        super(root);
    }

    @Test
    void everyTableComesBackAsItWasInANewEpoch() {
        FullTables.fill(storage);
        blobsOfAllManifests();

        Manifest manifest = backup();
        restore();

        assertThat(manifest.tables().stream().map(Manifest.TableRows::name))
                .containsExactlyInAnyOrderElementsOf(FullTables.names(storage));
        assertThat(manifest.tables()).allSatisfy(t -> assertThat(t.rows()).isGreaterThanOrEqualTo(3));
        Map<String, RowSum> before;
        Map<String, RowSum> after;
        try (Snapshot was = snapshot(data);
                Snapshot is = snapshot(target)) {
            before = sums(was);
            after = sums(is);
            assertThat(positions(was)).containsExactly("0.0", "1.1", "2.2");
            long epoch = NOON.instant().getEpochSecond();
            assertThat(positions(is)).containsExactly(epoch + ".0", epoch + ".0", epoch + ".0");
        }
        before.remove(CHANGED_BY_A_RESTORE);
        assertThat(rows(after, CHANGED_BY_A_RESTORE)).isEqualTo(3);
        after.remove(CHANGED_BY_A_RESTORE);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void anEpochIsNewerThanTheNewestAlsoWhereTheClockIsBehind() {
        FullTables.fill(storage);
        blobsOfAllManifests();
        storage.write(h -> h.execute("UPDATE desired_states SET epoch = 9999999999 WHERE epoch = 2"));

        backup();
        restore();

        try (Snapshot is = snapshot(target)) {
            assertThat(positions(is)).containsOnly("10000000000.0");
        }
    }

    @Test
    void anEpochIsNoneFromBeforeTheBackupAlsoWhereTheClockIsBehind() {
        FullTables.fill(storage);
        blobsOfAllManifests();
        backup();

        new Restore(target, TestDatabase.of(target), TestContent.of(target), InstantSource.fixed(Instant.EPOCH))
                .from(BackupFolder.open(place));

        try (Snapshot is = snapshot(target)) {
            assertThat(positions(is)).containsOnly(NOON.instant().getEpochSecond() + ".0");
        }
    }

    @Test
    @Tag(TestContent.TAG)
    void keysAndAuthoritiesAndContentComeBackForTheirOwnerAlone() throws IOException {
        Digest blob = blob("layer");

        Manifest manifest = backup();
        restore();

        assertThat(manifest.files())
                .extracting(Manifest.KeptFile::path)
                .containsExactly(
                        "keys/authority.pem",
                        "keys/customers/c1/root.pem",
                        "keys/sealing/1.key",
                        "registry-ca/ours.pem");
        for (Manifest.KeptFile file : manifest.files()) {
            assertThat(target.resolve(file.path())).hasSameBinaryContentAs(data.resolve(file.path()));
        }
        try (Blobs restored = TestContent.open(target)) {
            assertThat(TestContent.read(restored, blob)).isEqualTo("layer".getBytes(StandardCharsets.UTF_8));
        }
        for (Path kept : List.of(place, target)) {
            try (Stream<Path> all = Files.walk(kept)) {
                assertThat(all.filter(f -> !f.startsWith(kept.resolve("content"))
                                && !f.startsWith(kept.resolve("tmp"))
                                && !f.endsWith("lock")
                                && !f.endsWith("format.json")))
                        .allSatisfy(f -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                                .isEqualTo(Files.isDirectory(f) ? "rwx------" : "rw-------"));
            }
        }
    }

    @Test
    void whatWritersWriteMeanwhileIsInItAsItWasAtOneMoment() throws Exception {
        int accounts = 3000;
        storage.write(h -> h.execute("CREATE TABLE aaa_left (id INTEGER PRIMARY KEY, v INTEGER NOT NULL)"));
        storage.write(h -> h.execute("CREATE TABLE zzz_right (id INTEGER PRIMARY KEY, v INTEGER NOT NULL)"));
        storage.write(h -> {
            for (int i = 0; i < accounts; i++) {
                h.execute("INSERT INTO aaa_left VALUES (?, 100)", i);
                h.execute("INSERT INTO zzz_right VALUES (?, 100)", i);
            }
            return accounts;
        });
        var written = new AtomicInteger();
        try (Writers _ = Writers.begin(n -> {
            storage.write(h -> {
                h.execute("UPDATE aaa_left SET v = v - 1 WHERE id = ?", (n * 7919) % accounts);
                return h.execute("UPDATE zzz_right SET v = v + 1 WHERE id = ?", (n * 104_729) % accounts);
            });
            written.incrementAndGet();
        })) {
            for (int i = 0; i < 5; i++) {
                Path one = place.resolveSibling("backup" + i);
                int before = written.get();
                do {
                    deleteIfThere(one);
                    new Backup(data, Optional.empty(), TestDatabase.of(data), TestContent.of(data), NOON).to(one);
                } while (written.get() == before);
                BackupFolder.open(one).verify();

                assertThat(sum(one, "aaa_left") + sum(one, "zzz_right")).isEqualTo(200L * accounts);
            }
        }
        assertThat(written).hasPositiveValue();
    }

    @Test
    @Tag(TestContent.TAG)
    void contentThatIsImportedAndCollectedMeanwhileLeavesEachBackupWhole() throws Exception {
        // A backup asks for the time once in each of its rounds.
        var rounds = new AtomicInteger();
        InstantSource counting = () -> {
            rounds.incrementAndGet();
            return NOON.instant();
        };
        var collected = new AtomicInteger();
        var next = new AtomicInteger();
        try (Writers _ = Writers.begin(n -> {
            // As an import: content, then the row that reaches it. As the collector: the other way round, and not in
            // each round.
            blob("layer" + n);
            if (rounds.get() > next.get()) {
                while (collected.get() <= n - LIVE) {
                    Digest old = Digest.of(("layer" + collected.getAndIncrement()).getBytes(StandardCharsets.UTF_8));
                    storage.write(h -> h.execute("DELETE FROM manifest_blobs WHERE blob_digest = ?", old.value()));
                    content.delete(old);
                }
                // So that the round after this one is left alone.
                next.set(rounds.get() + 1);
            }
        })) {
            // Each blob is a call or two where there is a bucket.
            int backups = TestContent.of(data).isPresent() ? 2 : 10;
            for (int i = 0; i < backups; i++) {
                Path one = place.resolveSibling("backup" + i);
                Manifest manifest = new Backup(
                                data, Optional.empty(), TestDatabase.of(data), TestContent.of(data), counting)
                        .to(one);
                BackupFolder.open(one).verify();
                assertThat(ContentStore.open(one.resolve("content")).list())
                        .containsExactlyInAnyOrderElementsOf(manifest.blobs().stream()
                                .map(Manifest.Blob::digest)
                                .toList());
            }
        }
    }

    @Test
    @Tag(TestContent.TAG)
    void contentThatIsLostIsNamedAndNothingIsLeftOfTheBackup() {
        Digest lost = blob("layer");
        content.delete(lost);

        assertThatThrownBy(this::backup).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("backup.content-missing");
            assertThat(e.problem().message()).contains(lost.value());
        });
        assertThat(place).doesNotExist();
        assertThat(part()).doesNotExist();
    }

    @Test
    void whatWasCutOffIsNeverTakenForABackupAndIsClearedAwayByTheNextOne() throws IOException {
        Files.createDirectories(part().resolve("tables"));
        Files.writeString(part().resolve("tables/customers.rows"), "c\tnor");
        Files.createFile(part().resolve("being-written.lock"));

        assertProblem("backup.missing", () -> BackupFolder.open(part()));
        backup();

        assertThat(part()).doesNotExist();
        BackupFolder.open(place).verify();
    }

    @Test
    @Tag(TestContent.TAG)
    void keysAndContentThatSeveralShareAreTakenFromWhereTheyAre() throws IOException {
        Path shared = data.resolveSibling("shared");
        Digest blob = blob("layer");
        Files.createDirectories(shared);
        if (TestContent.of(data).isEmpty()) {
            Files.move(data.resolve("content"), shared.resolve("content"));
        }
        Files.move(data.resolve("keys"), shared.resolve("keys"));
        Files.createFile(shared.resolve("keys/making.lock"));

        Manifest manifest =
                new Backup(data, Optional.of(shared), TestDatabase.of(data), TestContent.of(data), NOON).to(place);

        assertThat(manifest.blobs()).extracting(Manifest.Blob::digest).containsExactly(blob);
        assertThat(manifest.files())
                .extracting(Manifest.KeptFile::path)
                .containsExactly(
                        "keys/authority.pem",
                        "keys/customers/c1/root.pem",
                        "keys/sealing/1.key",
                        "registry-ca/ours.pem");
        BackupFolder.open(place).verify();
    }

    @Test
    void aFolderWithoutKeysIsNoControlPlanes() throws IOException {
        FileTree.empty(data.resolve("keys"), Set.of());

        assertProblem("backup.nothing", this::backup);

        assertThat(place).doesNotExist();
    }

    @Test
    void aFileThatABackupCantNameIsToldByItsName() throws IOException {
        Files.writeString(data.resolve("registry-ca/our own.pem"), "a certificate");

        assertProblem("backup.name-unfit", this::backup);
    }

    @Test
    void authoritiesThatAreMountedComeAlongByTheirOwnNamesAlone() throws IOException {
        Path mounted = data.resolveSibling("mounted");
        Files.createDirectories(mounted.resolve("..2026"));
        Files.writeString(mounted.resolve("..2026/theirs.pem"), "a certificate");
        Files.createSymbolicLink(mounted.resolve("theirs.pem"), Path.of("..2026/theirs.pem"));
        FileTree.empty(data.resolve("registry-ca"), Set.of());
        Files.delete(data.resolve("registry-ca"));
        Files.createSymbolicLink(data.resolve("registry-ca"), mounted);

        assertThat(backup().files())
                .extracting(Manifest.KeptFile::path)
                .contains("registry-ca/theirs.pem")
                .noneMatch(path -> path.contains(".."));
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Files.createDirectories(part());
        assertProblem("backup.exists", this::backup);
        Files.delete(part());
        Files.createDirectories(place);
        assertProblem("backup.exists", this::backup);
    }

    private Path part() {
        return place.resolveSibling("backup.part");
    }

    private static void deleteIfThere(Path backup) {
        if (Files.exists(backup)) {
            FileTree.empty(backup, Set.of());
            assertThat(backup.toFile().delete()).isTrue();
        }
    }

    private static List<String> positions(Snapshot snapshot) {
        return snapshot.read(h -> h.createQuery("SELECT epoch, serial FROM desired_states ORDER BY node_id")
                .map((rs, c) -> rs.getLong(1) + "." + rs.getLong(2))
                .list());
    }
}
