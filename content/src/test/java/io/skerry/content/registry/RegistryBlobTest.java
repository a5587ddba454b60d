package io.skerry.content.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.content.ContentStore;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How blobs come, also over links that break. */
class RegistryBlobTest extends RegistryScene {
    RegistryBlobTest(@TempDir Path temp) throws IOException {
        super(temp);
    }

    @Test
    void resumesABlobAfterTheConnectionBreaks() {
        handlers.put(blobPath(), e -> {
            int from = from(e);
            e.sendResponseHeaders(from > 0 ? 206 : 200, LAYER.length - from);
            // Ends in the middle although more was promised.
            e.getResponseBody().write(LAYER, from, Math.min(100_000, LAYER.length - from));
            e.getResponseBody().flush();
        });
        handlers.compute(blobPath(), (p, h) -> e -> {
            int from = from(e);
            e.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (LAYER.length - 1) + "/" + LAYER.length);
            h.handle(e);
        });

        fetch();

        assertThat(store.read(layer.digest(), LAYER.length)).isEqualTo(LAYER);
        assertThat(asked).hasSizeBetween(3, 5);
        assertThat(asked.getFirst()).endsWith(" -");
        assertThat(asked.subList(1, asked.size())).allSatisfy(a -> assertThat(a).contains("bytes="));
    }

    @Test
    void transfersOnlyTheRestOfWhatAnEarlierFetchBegan() {
        begun(200_000);
        handlers.put(blobPath(), e -> ranged(e, 0));

        fetch();

        assertThat(asked).containsExactly("GET " + blobPath() + " - bytes=200000-");
    }

    @Test
    void beginsAnewWhereRangesAreNotServed() {
        begun(200_000);
        handlers.put(blobPath(), e -> answer(e, 200, LAYER));

        fetch();

        assertThat(store.has(layer.digest())).isTrue();
    }

    @Test
    void beginsAnewWhenTheServerGivesAnotherRange() {
        begun(200_000);
        handlers.put(blobPath(), e -> ranged(e, -5));

        fetch();

        assertThat(asked).hasSize(2);
        assertThat(asked.getLast()).endsWith(" -");
    }

    @Test
    void asksNothingForABlobThatOnlyLacksItsLastStep() {
        begun(LAYER.length);

        fetch();

        assertThat(asked).isEmpty();
        assertThat(store.has(layer.digest())).isTrue();
    }

    @Test
    void refusesABlobWithOtherOrMoreBytes() {
        byte[] other = LAYER.clone();
        other[5]++;
        handlers.put(blobPath(), e -> answer(e, 200, other));
        refused("registry.digest-mismatch", this::fetch);
        handlers.put(blobPath(), e -> {
            e.sendResponseHeaders(200, 0);
            e.getResponseBody().write(Arrays.copyOf(LAYER, LAYER.length + 1));
        });
        refused("registry.too-large", this::fetch);
        handlers.put(blobPath(), e -> answer(e, 200, Arrays.copyOf(LAYER, LAYER.length + 1)));
        refused("registry.too-large", this::fetch);
        assertThat(store.list()).isEmpty();
    }

    @Test
    void waitsAsLongAsAskedAndGivesUpInTheEnd() {
        handlers.put("/v2/team/web/manifests/1", e -> {
            e.getResponseHeaders().set("Retry-After", asked.size() == 1 ? "7" : "Thu, 01 Jan 2026 00:00:20 GMT");
            e.sendResponseHeaders(asked.size() < 3 ? 429 : 503, -1);
        });

        ProblemException e = refused("registry.unreachable", () -> client().manifest(reference));

        assertThat(e.problem().message()).contains("503").contains(reference.toString());
        assertThat(asked).hasSize(5);
        assertThat(pauses.subList(0, 2)).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(20));
    }

    @Test
    void namesWhatCannotBeReached() {
        server.stop(0);
        assertThat(refused("registry.unreachable", () -> client().manifest(reference))
                        .problem()
                        .message())
                .contains(reference.toString())
                .contains("doesn't take connections");
        assertThat(pauses).hasSize(4);
        assertThat(pauses.getLast()).isGreaterThan(pauses.getFirst());
    }

    @Test
    void anInterruptedThreadEndsTheCall() throws Exception {
        handlers.put("/v2/team/web/manifests/1", e -> {
            try {
                Thread.sleep(Duration.ofSeconds(20));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        List<String> codes = new CopyOnWriteArrayList<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                client().manifest(reference);
            } catch (ProblemException e) {
                codes.add(e.code() + " " + Thread.currentThread().isInterrupted());
            }
        });
        org.awaitility.Awaitility.await().until(() -> !asked.isEmpty());
        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        assertThat(codes).containsExactly("registry.interrupted true");
    }

    @Test
    void aBodyThatStallsIsGivenUp() {
        handlers.put("/stall", e -> {
            e.sendResponseHeaders(200, 10);
            e.getResponseBody().write(1);
            e.getResponseBody().flush();
            try {
                Thread.sleep(Duration.ofSeconds(20));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });

        assertThatExceptionOfType(java.net.http.HttpTimeoutException.class).isThrownBy(() -> {
            try (HttpAnswer answer = transport.send(new HttpAsk(
                    "GET", java.net.URI.create("http://" + address() + "/stall"), Map.of(), Duration.ofMillis(300)))) {
                answer.body().readAllBytes();
            }
        });
    }

    private void begun(int bytes) {
        try (ContentStore.Partial partial = store.partial(layer.digest(), layer.size())) {
            partial.write(Arrays.copyOf(LAYER, bytes));
        }
    }
}
