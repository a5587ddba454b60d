package io.skerry.cloud.blob;

import static io.skerry.cloud.blob.TestContent.digests;
import static io.skerry.cloud.blob.TestContent.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.ContentStore;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds wherever content is kept. */
@ParameterizedClass
@EnumSource
class BlobsTest {
    private static final String OWNER = "owner";
    private static final byte[] SMALL = "a small one".getBytes(StandardCharsets.UTF_8);
    /** Goes into a bucket in two parts. */
    private static final byte[] LARGE = large();

    private final Path root;
    private final Blobs blobs;

    enum Place {
        FOLDER,
        BUCKET
    }

    BlobsTest(Place place, @TempDir Path root) {
        this.root = root;
        // Pages of two, so that there are several.
        blobs = switch (place) {
            case FOLDER -> Blobs.inFolder(root.resolve("content"), Optional.empty());
            case BUCKET -> new BucketBlobs(Bucket.open(TestContent.bucket(root), 2), root.resolve("arriving"));
        };
    }

    private static byte[] large() {
        byte[] bytes = new byte[Upload.PART + 100_000];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void close() {
        blobs.close();
    }

    @Test
    void whatWasPutIsHereWhole() {
        for (byte[] bytes : List.of(SMALL, LARGE, new byte[0])) {
            Digest digest = blobs.put(bytes);
            assertThat(digest).isEqualTo(Digest.of(bytes));
            assertThat(blobs.has(digest)).isTrue();
            assertThat(blobs.size(digest)).isEqualTo(bytes.length);
            assertThat(read(blobs, digest)).isEqualTo(bytes);
            assertThat(blobs.put(bytes)).isEqualTo(digest);
        }
    }

    @Test
    void aPartHasJustTheBytesThatWereAskedFor() throws IOException {
        Digest digest = blobs.put(LARGE);
        for (int[] part : new int[][] {
            {0, 1}, {5, 1000}, {Upload.PART - 7, 14}, {LARGE.length - 3, 3}, {LARGE.length, 0}, {0, LARGE.length}
        }) {
            try (InputStream in = blobs.open(digest, part[0], part[1])) {
                assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(LARGE, part[0], part[0] + part[1]));
            }
        }
        try (InputStream in = blobs.open(digest)) {
            assertThat(in.read()).isEqualTo(LARGE[0] & 0xff);
            // And nobody minds that the rest isn't read.
        }
    }

    @Test
    void whatIsMissingIsSaidToBe() {
        Digest digest = Digest.of(SMALL);
        assertThat(blobs.has(digest)).isFalse();
        assertProblem("content.missing", () -> blobs.size(digest));
        assertProblem("content.missing", () -> blobs.open(digest));
        assertProblem("content.missing", () -> blobs.open(digest, 2, 3));
        assertThat(blobs.copyTo(ContentStore.open(root.resolve("copy")), digest))
                .isFalse();
        assertThat(blobs.stored()).isEmpty();
        blobs.delete(digest);
    }

    @Test
    void otherBytesThanWereExpectedAreRefusedAndNothingIsLeft() {
        for (byte[] bytes : List.of(SMALL, LARGE)) {
            byte[] damaged = bytes.clone();
            damaged[bytes.length - 1] ^= 1;
            Digest expected = Digest.of(bytes);
            assertProblem("content.digest-mismatch", () -> blobs.put(expected, new ByteArrayInputStream(damaged)));
            assertThat(blobs.has(expected)).isFalse();
        }
        assertThat(blobs.stored()).isEmpty();
    }

    @Test
    void aStreamThatBreaksLeavesNothing() {
        Digest expected = Digest.of(LARGE);
        var breaking = new FilterInputStream(new ByteArrayInputStream(LARGE)) {
            @Override
            public int read(byte[] bytes, int at, int most) throws IOException {
                int n = super.read(bytes, at, most);
                if (n < 0) {
                    throw new IOException("broken");
                }
                return n;
            }
        };
        assertProblem("content.unreadable", () -> blobs.put(expected, breaking));
        assertThat(blobs.has(expected)).isFalse();
        blobs.put(expected, new ByteArrayInputStream(LARGE));
        assertThat(read(blobs, expected)).isEqualTo(LARGE);
    }

    @Test
    void aFetchThatWasCutOffGoesOnWhereItStopped() {
        Digest digest = Digest.of(LARGE);
        int half = LARGE.length / 2;
        assertThatThrownBy(() -> blobs.fetch(OWNER, digest, LARGE.length, partial -> {
                    partial.write(Arrays.copyOf(LARGE, half));
                    throw new IllegalStateException("the registry is gone");
                }))
                .hasMessage("the registry is gone");
        assertThat(blobs.has(digest)).isFalse();
        assertThat(blobs.stored()).isEmpty();

        blobs.fetch(OWNER, digest, LARGE.length, partial -> {
            assertThat(partial.offset()).isEqualTo(half);
            partial.write(Arrays.copyOfRange(LARGE, half, LARGE.length));
            partial.finish();
        });
        assertThat(read(blobs, digest)).isEqualTo(LARGE);
    }

    @Test
    void whatOneHasBegunNobodyElseGoesOnWith() {
        Digest digest = Digest.of(LARGE);
        cutOff(digest);

        blobs.fetch("another", digest, LARGE.length, partial -> {
            assertThat(partial.offset()).isZero();
            partial.write(LARGE);
            partial.finish();
        });

        assertThat(read(blobs, digest)).isEqualTo(LARGE);
        assertThat(cutOff(digest)).as("he goes on where he was").isEqualTo(SMALL.length);
    }

    @Test
    void whatIsHereComesOnceMoreForWhoeverHasItCome() {
        Digest digest = blobs.put(LARGE);

        blobs.fetch(OWNER, digest, LARGE.length, partial -> {
            assertThat(partial.isStored()).isFalse();
            partial.write(LARGE);
            partial.finish();
        });

        assertThat(digests(blobs)).containsExactly(digest);
        assertThat(read(blobs, digest)).isEqualTo(LARGE);
    }

    @Test
    void whatWasBegunIsForgottenInTimeAndWhatIsWholeStays() {
        Digest whole = blobs.put(SMALL);
        Digest begun = Digest.of(LARGE);
        assertThat(cutOff(begun)).isZero();

        blobs.forgetUnfinished(Instant.now().minus(Duration.ofHours(1)));
        assertThat(cutOff(begun)).isEqualTo(SMALL.length);

        blobs.forgetUnfinished(Instant.now().plus(Duration.ofHours(1)));
        assertThat(cutOff(begun)).isZero();
        assertThat(digests(blobs)).containsExactly(whole);
    }

    /** Brings some bytes of a blob, and breaks; how many were there before. */
    private long cutOff(Digest digest) {
        var before = new AtomicLong(-1);
        assertThatThrownBy(() -> blobs.fetch(OWNER, digest, LARGE.length, partial -> {
                    before.set(partial.offset());
                    partial.write(SMALL);
                    throw new IllegalStateException("the registry is gone");
                }))
                .hasMessage("the registry is gone");
        return before.get();
    }

    @Test
    void allAreListedWithTheirTimesWhateverThePages() {
        Instant before = Instant.now().minusSeconds(60);
        List<Digest> put = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            put.add(blobs.put(("blob " + i).getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(digests(blobs)).containsExactlyInAnyOrderElementsOf(put);
        assertThat(blobs.stored())
                .allSatisfy(b -> assertThat(b.writtenAt())
                        .isBetween(before, Instant.now().plusSeconds(60)));

        // As the collector does, amid the listing.
        blobs.stored().filter(b -> !b.digest().equals(put.get(2))).forEach(b -> blobs.delete(b.digest()));
        assertThat(digests(blobs)).containsExactly(put.get(2));
    }

    @Test
    void severalMayPutTheSameBlobAtATime() throws Exception {
        Digest digest = Digest.of(LARGE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Digest> putting = () -> {
                blobs.put(digest, new ByteArrayInputStream(LARGE));
                return digest;
            };
            for (Future<Digest> put : threads.invokeAll(List.of(putting, putting, putting))) {
                assertThat(put.get()).isEqualTo(digest);
            }
        }
        assertThat(read(blobs, digest)).isEqualTo(LARGE);
        assertThat(digests(blobs)).containsExactly(digest);
    }

    @Test
    void aFolderGetsACopyOfItsOwn() {
        Digest digest = blobs.put(SMALL);
        ContentStore folder = ContentStore.open(root.resolve("copy"));
        assertThat(blobs.copyTo(folder, digest)).isTrue();
        blobs.delete(digest);
        assertThat(folder.read(digest, 100)).isEqualTo(SMALL);
        assertThat(blobs.has(digest)).isFalse();
    }

    static void assertProblem(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
