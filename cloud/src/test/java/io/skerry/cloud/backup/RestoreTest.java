package io.skerry.cloud.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.FullTables;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.storage.Snapshot;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.storage.Unfinished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is restored, and into what. */
@Tag(TestDatabase.TAG)
class RestoreTest extends BackupScene {
    RestoreTest(@TempDir Path root) throws IOException {
        super(root);
    }

    @Test
    void aDamagedBackupIsRefusedBeforeAnythingIsTouched() throws IOException {
        FullTables.fill(storage);
        blobsOfAllManifests();
        backup();
        Path blob;
        try (Stream<Path> blobs = Files.walk(place.resolve("content/blobs"))) {
            blob = blobs.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        for (Path file : List.of(place.resolve("tables/customers.rows"), place.resolve("keys/authority.pem"), blob)) {
            byte[] bytes = Files.readAllBytes(file);
            byte[] flipped = bytes.clone();
            flipped[0] ^= 1;
            Files.delete(file);
            assertProblem("backup.damaged", this::restore);
            Files.write(file, flipped);
            assertProblem("backup.damaged", this::restore);
            Files.write(file, bytes);
            assertThat(target).doesNotExist();
        }
        restore();
    }

    @Test
    void aManifestThatIsCutOffNewerOrLeadsElsewhereIsRefused() throws IOException {
        backup();
        Path manifest = place.resolve("manifest.json");
        String whole = Files.readString(manifest);

        Files.writeString(manifest, whole.substring(0, whole.length() / 2));
        assertProblem("backup.damaged", this::restore);
        Files.writeString(manifest, "{\"format\":2,\"all\":\"new\"}");
        assertProblem("backup.newer-version", this::restore);
        Files.writeString(manifest, whole.replace("keys/authority.pem", "keys/../../elsewhere"));
        assertProblem("backup.damaged", this::restore);
        Files.writeString(manifest, whole.replaceFirst("\"schema\":\"\\d+\"", "\"schema\":\"999\""));
        assertProblem("data.newer-version", this::restore);
    }

    @Test
    void aFolderThatHoldsAnythingIsRefusedAndLeftAsItIs() throws IOException {
        backup();
        Files.createDirectories(target);
        Files.writeString(target.resolve("notes.txt"), "mine");

        assertProblem("data.not-empty", this::restore);

        try (Stream<Path> left = Files.list(target)) {
            assertThat(left).containsExactly(target.resolve("notes.txt"));
        }
    }

    @Test
    void aFolderThatAControlPlaneHasOpenIsRefused() {
        backup();
        try (DataFolder open = DataFolder.open(target)) {
            assertThat(open.root()).isEqualTo(target);
            assertProblem("data.in-use", this::restore);
        }
    }

    @Test
    void aRestoreThatWasCutOffLetsNobodyStartAndIsDoneAgain() throws IOException {
        FullTables.fill(storage);
        blobsOfAllManifests();
        backup();
        try (DataFolder half = DataFolder.open(target)) {
            half.begin(new Unfinished(
                    "restore",
                    TestDatabase.of(target).map(PostgresAddress::told).orElse("")));
            Files.createDirectories(target.resolve("keys"));
            Files.writeString(target.resolve("keys/authority.pem"), "half");
        }
        assertProblem("data.unfinished", () -> DataFolder.open(target).close());

        restore();

        DataFolder.open(target).close();
        assertThat(target.resolve("keys/authority.pem")).hasSameBinaryContentAs(data.resolve("keys/authority.pem"));
        // Cut off right before its last word.
        try (DataFolder folder = DataFolder.open(target)) {
            folder.begin(new Unfinished(
                    "restore",
                    TestDatabase.of(target).map(PostgresAddress::told).orElse("")));
        }
        restore();
        DataFolder.open(target).close();
        try (Snapshot is = snapshot(target)) {
            assertThat(rows(sums(is), "customers")).isEqualTo(3);
        }
    }
}
