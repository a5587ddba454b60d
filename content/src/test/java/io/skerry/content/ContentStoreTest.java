package io.skerry.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {
    private static final byte[] BYTES = "some content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path temp;

    private ContentStore store;

    @BeforeEach
    void open() {
        store = ContentStore.open(temp.resolve("content"));
    }

    @Test
    void givesBackWhatWasPut() throws Exception {
        Digest digest = store.put(BYTES);

        assertThat(store.has(digest)).isTrue();
        assertThat(store.size(digest)).isEqualTo(BYTES.length);
        assertThat(store.read(digest, BYTES.length)).isEqualTo(BYTES);
        assertThat(store.open(digest)).hasBinaryContent(BYTES);
        assertThat(store.list()).containsExactly(digest);
        assertThat(store.path(digest))
                .isEqualTo(temp.resolve("content/blobs/" + digest.hex().substring(0, 2) + "/" + digest.hex()));
        assertThat(store.put(BYTES)).isEqualTo(digest);
        store.delete(digest);
        assertThat(store.has(digest)).isFalse();
        assertThat(store.list()).isEmpty();
    }

    @Test
    void storesNothingThatIsSomethingElse() {
        Digest other = Digest.of(new byte[] {1});

        problem("content.digest-mismatch", () -> store.put(other, new ByteArrayInputStream(BYTES)));
        assertThat(store.has(other)).isFalse();
        assertThat(store.unfinished()).isEmpty();
    }

    @Test
    void goesOnWhereAnInterruptedFetchStopped() {
        Digest digest = Digest.of(BYTES);
        try (ContentStore.Partial partial = store.partial(digest, BYTES.length)) {
            partial.write(Arrays.copyOf(BYTES, 5));
        }
        assertThat(store.has(digest)).isFalse();

        ContentStore later = ContentStore.open(temp.resolve("content"));
        assertThat(later.unfinished()).containsExactly(digest);
        try (ContentStore.Partial partial = later.partial(digest, BYTES.length)) {
            assertThat(partial.offset()).isEqualTo(5);
            partial.write(Arrays.copyOfRange(BYTES, 5, BYTES.length));
            partial.finish();
        }
        assertThat(later.read(digest, 100)).isEqualTo(BYTES);
        assertThat(later.unfinished()).isEmpty();
    }

    @Test
    void aSpoiltPartIsThrownAwayAtItsEnd() {
        Digest digest = Digest.of(BYTES);
        try (ContentStore.Partial partial = store.partial(digest, BYTES.length)) {
            partial.write(new byte[5]);
            partial.write(Arrays.copyOfRange(BYTES, 5, BYTES.length));
            problem("content.digest-mismatch", partial::finish);
        }

        assertThat(store.has(digest)).isFalse();
        assertThat(store.unfinished()).isEmpty();
        try (ContentStore.Partial again = store.partial(digest, BYTES.length)) {
            assertThat(again.offset()).isZero();
        }
    }

    @Test
    void neverTakesMoreThanTheBlobHas() {
        Digest digest = Digest.of(BYTES);
        try (ContentStore.Partial partial = store.partial(digest, 5)) {
            problem("content.too-large", () -> partial.write(BYTES));
            assertThat(partial.offset()).isZero();
        }
        store.put(BYTES);
        problem("content.too-large", () -> store.read(digest, BYTES.length - 1));
    }

    @Test
    void whoComesSecondWaitsAndFindsTheBlob() throws Exception {
        Digest digest = Digest.of(BYTES);
        List<Boolean> found = new CopyOnWriteArrayList<>();
        Thread second;
        try (ContentStore.Partial first = store.partial(digest, BYTES.length)) {
            second = Thread.ofVirtual().start(() -> {
                try (ContentStore.Partial later = store.partial(digest, BYTES.length)) {
                    found.add(later.isStored());
                }
            });
            Awaitility.await().until(() -> second.getState() == Thread.State.WAITING);
            assertThat(found).isEmpty();
            first.write(BYTES);
            first.finish();
        }
        assertThat(second.join(Duration.ofSeconds(5))).isTrue();
        assertThat(found).containsExactly(true);
        assertThat(store.unfinished()).isEmpty();
    }

    @Test
    void manyMayPutTheSameAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Digest>> all = IntStream.range(0, 50)
                    .mapToObj(i -> threads.submit(() -> store.put(BYTES)))
                    .toList();
            for (Future<Digest> one : all) {
                assertThat(one.get()).isEqualTo(Digest.of(BYTES));
            }
        }
        assertThat(store.list()).hasSize(1);
        assertThat(store.unfinished()).isEmpty();
    }

    @Test
    void saysWhatIsMissing() {
        Digest digest = Digest.of(BYTES);
        problem("content.missing", () -> store.size(digest));
        problem("content.missing", () -> store.read(digest, 1));
        assertThat(store.unfinished()).isEmpty();
    }

    @Test
    void anyPartsInAnyCutsMakeTheWhole() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] bytes = new byte[200_000];
        random.nextBytes(bytes);
        Digest digest = Digest.of(bytes);
        int at = 0;
        while (at < bytes.length) {
            try (ContentStore.Partial partial =
                    ContentStore.open(temp.resolve("content")).partial(digest, bytes.length)) {
                assertThat(partial.offset()).as("seed " + seed).isEqualTo(at);
                int next = Math.min(bytes.length, at + random.nextInt(50_000));
                partial.write(Arrays.copyOfRange(bytes, at, next));
                at = next;
                if (at == bytes.length) {
                    partial.finish();
                }
            }
        }
        assertThat(store.read(digest, bytes.length)).as("seed " + seed).isEqualTo(bytes);
    }

    @Test
    void foreignFilesInTheFolderAreNoBlobs() throws Exception {
        Files.createDirectories(temp.resolve("content/blobs/xx"));
        Files.writeString(temp.resolve("content/blobs/xx/readme"), "x");
        Files.writeString(temp.resolve("content/partial/readme"), "x");

        assertThat(store.list()).isEmpty();
        assertThat(store.unfinished()).isEmpty();
    }

    private static void problem(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
