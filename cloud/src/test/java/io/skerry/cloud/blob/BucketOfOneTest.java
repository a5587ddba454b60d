package io.skerry.cloud.blob;

import static io.skerry.cloud.blob.BlobsTest.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.replica.Leases;
import io.skerry.cloud.service.Leftovers;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Digest;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a bucket belongs to one installation. */
@Tag(TestDatabase.TAG)
class BucketOfOneTest {
    private static final byte[] CONTENT = "content".getBytes(UTF_8);
    private static final Digest DIGEST = Digest.of(CONTENT);

    @TempDir
    Path root;

    private Blobs blobs;

    @BeforeEach
    void claim() {
        blobs = Blobs.inBucket(TestContent.bucket(root), root.resolve("arriving"));
        blobs.claim("first");
    }

    @AfterEach
    void close() {
        blobs.close();
    }

    @Test
    void whatIsOneInstallationsIsRefusedToAnother() {
        blobs.claim("first");

        assertProblem("content.other-installation", () -> blobs.claim("second"));
    }

    @Test
    void anotherInstallationsCollectorRemovesNothing() {
        blobs.put(DIGEST, new ByteArrayInputStream(CONTENT));

        try (DataFolder folder = DataFolder.open(root.resolve("second"));
                Storage storage = TestDatabase.open(folder)) {
            var leftovers = new Leftovers(
                    storage, blobs, "second", () -> Instant.now().plus(Duration.ofDays(30)), Leases.alone());
            assertProblem("content.other-installation", leftovers::remove);
        }

        assertThat(blobs.has(DIGEST)).isTrue();
    }
}
