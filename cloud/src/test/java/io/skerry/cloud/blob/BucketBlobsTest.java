package io.skerry.cloud.blob;

import static io.skerry.cloud.blob.BlobsTest.assertProblem;
import static io.skerry.cloud.blob.TestContent.digests;
import static io.skerry.cloud.blob.TestContent.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a network and somebody else's server can do to content. */
class BucketBlobsTest {
    private static final byte[] LARGE = large();
    private static final Digest DIGEST = Digest.of(LARGE);

    private final Path root;
    private final BucketServer server = BucketServer.shared();
    private final ShortWire wire;
    private final Bucket bucket;
    private final Blobs blobs;
    private final Bucket near;

    BucketBlobsTest(@TempDir Path root) throws Exception {
        this.root = root;
        wire = TestContent.wire();
        bucket = Bucket.open(server.at(wire.port(), BucketServer.BUCKET, root));
        blobs = new BucketBlobs(bucket, root.resolve("arriving"));
        near = Bucket.open(server.of(root));
    }

    private static byte[] large() {
        byte[] bytes = new byte[2 * Upload.PART + 1000];
        new Random(2).nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void close() throws Exception {
        blobs.close();
        near.close();
        wire.close();
    }

    @Test
    void aReadThatBreaksGoesOnWhereItStopped() {
        near.write(DIGEST, new ByteArrayInputStream(LARGE));
        wire.answerAtMost(5_000_000);
        assertThat(read(blobs, DIGEST)).isEqualTo(LARGE);
        assertThat(wire.cut()).isPositive();
    }

    @Test
    void aReadThatCantGoOnIsNoShortBlob() throws Exception {
        near.write(DIGEST, new ByteArrayInputStream(LARGE));
        wire.answerAtMost(5_000_000);
        try (var in = blobs.open(DIGEST)) {
            in.readNBytes(10);
            // From the next connection on not even the headers of an answer come through.
            wire.answerAtMost(20);
            assertProblem("content.unavailable", in::readAllBytes);
        }
        assertProblem("content.unavailable", () -> blobs.open(DIGEST));
        assertProblem("content.unavailable", () -> blobs.stored().toList());
    }

    @Test
    void anUploadThatIsCutOffIsSeenByNobodyAndItsPartsAreRemovedInTime() {
        // Amid the first part, and whoever began the upload can't end it either.
        wire.sendOnceAtMost(3_000_000);
        assertProblem("content.unavailable", () -> blobs.put(DIGEST, new ByteArrayInputStream(LARGE)));
        assertThat(near.size(DIGEST)).isEmpty();

        wire.mend();
        assertThat(near.uploads()).hasSize(1);
        blobs.forgetUnfinished(Instant.now().plus(Duration.ofMinutes(1)));
        assertThat(near.uploads()).isEmpty();
        assertThat(digests(blobs)).isEmpty();
    }

    @Test
    void anUploadThatAnotherOneCarriesOutIsLeftAlone() {
        BucketAddress address = server.of(root);
        String id;
        try (var client = BucketAccess.client(address, BucketAccess.credentials(address), BucketAccess.CALL)) {
            id = client.createMultipartUpload(r -> r.bucket(address.bucket()).key(near.key(DIGEST)))
                    .uploadId();
        }
        blobs.forgetUnfinished(Instant.now().minus(Duration.ofHours(1)));
        assertThat(near.uploads()).extracting(u -> u.uploadId()).containsExactly(id);
        blobs.forgetUnfinished(Instant.now().plus(Duration.ofMinutes(1)));
        assertThat(near.uploads()).isEmpty();
    }

    @Test
    void whatWasFetchedIsOnlySentOnWhenTheBucketIsBack() {
        wire.answerAtMost(20);
        assertProblem(
                "content.unavailable",
                () -> blobs.fetch("owner", DIGEST, LARGE.length, partial -> {
                    partial.write(LARGE);
                    partial.finish();
                }));
        wire.mend();
        blobs.fetch(
                "owner",
                DIGEST,
                LARGE.length,
                partial -> assertThat(partial.isStored()).isTrue());
        assertThat(read(blobs, DIGEST)).isEqualTo(LARGE);
        assertThat(new Arrivals(root.resolve("arriving"), Blobs.ALONE)
                        .of("owner")
                        .list())
                .isEmpty();
    }

    @Test
    void whatElseLiesInTheBucketIsNoContent() {
        BucketAddress address = server.of(root);
        String other = address.prefix() + "blobs/readme.txt";
        String neighbour = address.prefix().replace("/", "") + "-neighbour/blobs/ab/" + "ab".repeat(32);
        server.put(other, "not ours");
        server.put(neighbour, "not ours");
        Digest ours = blobs.put("ours".getBytes(StandardCharsets.UTF_8));
        assertThat(digests(blobs)).containsExactly(ours);
        assertThat(server.has(other) && server.has(neighbour)).isTrue();
    }

    @Test
    void whoIsRefusedIsToldWhyAndNeverTheSecret() {
        Path wrong = BucketServer.credentials(
                "[default]\naws_access_key_id = " + BucketServer.KEY + "\naws_secret_access_key = hunter2hunter2\n");
        BucketAddress right = server.of(root);
        assertThatThrownBy(() -> check(with(right, Optional.of(wrong))))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("content.refused");
                    assertThat(e.problem().message()).contains("SignatureDoesNotMatch");
                    assertThat(trace(e)).doesNotContain("hunter2hunter2");
                });
    }

    @Test
    void credentialsThatAreExposedOrUnreadableAreRefused() throws Exception {
        Path file = BucketServer.credentials("aws_secret_access_key hunter2hunter2");
        BucketAddress address = with(server.of(root), Optional.of(file));
        assertThatThrownBy(() -> check(address)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("content.credentials-unreadable");
            assertThat(trace(e)).doesNotContain("hunter2hunter2");
        });
        Files.writeString(file, "[other]\naws_access_key_id = a\naws_secret_access_key = b\n");
        assertProblem("content.credentials-unreadable", () -> check(address));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertProblem("content.credentials-exposed", () -> check(address));
        Files.delete(file);
        assertProblem("content.credentials-unreadable", () -> check(address));
    }

    @Test
    void aBucketThatIsNotThereIsNamed() {
        BucketAddress address = server.at(server.port(), "nowhere", root);
        assertThatThrownBy(() -> check(address)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("content.no-bucket");
            assertThat(e.problem().message()).contains("nowhere");
        });
        try (var missing = new BucketBlobs(Bucket.open(address), root.resolve("other"))) {
            assertProblem("content.no-bucket", () -> missing.put(DIGEST, new ByteArrayInputStream(LARGE)));
        }
    }

    @Test
    void aServerThatSaysNothingIsWaitedForOnlySoLong() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
                var waiting = Bucket.open(
                        server.at(silent.getLocalPort(), BucketServer.BUCKET, root), 10, Duration.ofMillis(500))) {
            long begun = System.nanoTime();
            assertProblem("content.unavailable", () -> waiting.size(DIGEST));
            // The limit is half a second; this only says that it isn't for ever.
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void anAuthorityThatCantBeReadIsNamed() throws Exception {
        Path file = Files.writeString(root.resolve("authority.pem"), "nothing");
        BucketAddress right = server.of(root);
        var address = new BucketAddress(
                right.bucket(),
                right.prefix(),
                right.endpoint(),
                right.region(),
                true,
                Optional.of(file),
                right.credentialsFile());
        assertProblem("content.authority-malformed", () -> check(address));
    }

    private static BucketAddress with(BucketAddress address, Optional<Path> credentials) {
        return new BucketAddress(
                address.bucket(),
                address.prefix(),
                address.endpoint(),
                address.region(),
                address.pathStyle(),
                address.authorityFile(),
                credentials);
    }

    private void check(BucketAddress address) {
        try (Blobs opened = Blobs.inBucket(address, root.resolve("other"))) {
            opened.check();
        }
    }

    private static String trace(Throwable e) {
        var trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
