package io.skerry.content.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skerry.content.ContentStore;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageReference;
import io.skerry.content.oci.Index;
import io.skerry.content.oci.MediaTypes;
import io.skerry.content.oci.Platform;
import io.skerry.content.tls.TlsContexts;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a small server that misbehaves as told. */
class RegistryClientTest {
    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private static final byte[] LAYER = new byte[300_000];

    static {
        new Random(7).nextBytes(LAYER);
    }

    @TempDir
    private Path temp;

    private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private HttpServer server;
    private JdkHttpTransport transport;
    private ImageReference reference;
    private ContentStore store;
    private Descriptor layer;

    RegistryClientTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        transport = new JdkHttpTransport(TlsContexts.system(), Duration.ofSeconds(5));
        reference = ImageReference.parse(address() + "/team/web:1");
        store = ContentStore.open(Path.of(System.getProperty("java.io.tmpdir")).resolve("unused-" + System.nanoTime()));
        layer = new Descriptor("application/vnd.oci.image.layer.v1.tar", Digest.of(LAYER), LAYER.length);
    }

    @BeforeEach
    void start() {
        store = ContentStore.open(temp.resolve("content"));
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(exchange.getRequestMethod() + " " + path + " "
                    + Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                            .orElse("-") + " "
                    + Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                            .orElse("-"));
            try (exchange) {
                handlers.getOrDefault(path, e -> e.sendResponseHeaders(404, -1)).handle(exchange);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        transport.close();
        server.stop(0);
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
    void getsATokenAndKeepsItUntilItExpires() {
        challenged("user", "secret");

        RegistryClient client = client(RegistryAccess.as(new Credentials("user", "secret")));
        client.manifest(reference);
        client.manifest(reference);
        assertThat(asked.stream().filter(a -> a.contains("/token"))).hasSize(1);
        now = now.plusSeconds(3600);
        client.manifest(reference);

        assertThat(asked.stream().filter(a -> a.contains("/token"))).hasSize(2);
        // The password goes to the realm only, the token to the registry only.
        assertThat(asked).allSatisfy(a -> assertThat(a.contains("Basic ")).isEqualTo(a.contains("/token")));
    }

    @Test
    void aTokenThatIsRefusedIsReplacedOnce() {
        challenged("user", "secret");
        RegistryClient client = client(RegistryAccess.as(new Credentials("user", "secret")));
        client.manifest(reference);
        Handler good = handlers.get("/v2/team/web/manifests/1");
        handlers.put("/v2/team/web/manifests/1", e -> {
            e.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"http://" + address() + "/token\",service=\"s\"");
            e.sendResponseHeaders(401, -1);
        });

        refused("registry.unauthorized", () -> client.manifest(reference));
        assertThat(asked.stream().filter(a -> a.contains("/token"))).hasSize(2);
        assertThat(good).isNotNull();
    }

    @Test
    void tellsMissingFromWrongCredentials() {
        challenged("user", "secret");

        String none = refused("registry.unauthorized", () -> client().manifest(reference))
                .problem()
                .sentence();
        String wrong = refused(
                        "registry.unauthorized",
                        () -> client(RegistryAccess.as(new Credentials("user", "Wr0ng!")))
                                .manifest(reference))
                .problem()
                .sentence();

        assertThat(none).contains("none were given");
        assertThat(wrong).contains("user 'user'").doesNotContain("Wr0ng!");
    }

    @Test
    void credentialsAreNotSentAlongWithARedirect() throws IOException {
        HttpServer elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> seen = new CopyOnWriteArrayList<>();
        elsewhere.createContext("/", e -> {
            try (e) {
                seen.add(e.getRequestURI().getPath() + " "
                        + e.getRequestHeaders().getFirst("Authorization"));
                ranged(e, 0);
            }
        });
        elsewhere.start();
        try {
            handlers.put(blobPath(), e -> {
                if (e.getRequestHeaders().getFirst("Authorization") == null) {
                    e.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
                    e.sendResponseHeaders(401, -1);
                } else {
                    e.getResponseHeaders().set("Location", "/here");
                    e.sendResponseHeaders(307, -1);
                }
            });
            handlers.put("/here", e -> {
                e.getResponseHeaders()
                        .set(
                                "Location",
                                "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/there");
                e.sendResponseHeaders(302, -1);
            });

            fetch(RegistryAccess.as(new Credentials("u", "p")));

            assertThat(asked.getLast()).startsWith("GET /here Basic ");
            assertThat(seen).containsExactly("/there null");
        } finally {
            elsewhere.stop(0);
        }
    }

    @Test
    void redirectsWithoutEndOrToOtherSchemesAreRefused() {
        handlers.put("/v2/team/web/manifests/1", e -> {
            e.getResponseHeaders().set("Location", "/v2/team/web/manifests/1");
            e.sendResponseHeaders(302, -1);
        });
        refused("registry.answer-malformed", () -> client().manifest(reference));
        assertThat(asked).hasSize(6);
        for (String target : List.of("file:///etc/passwd", "http://u:p@127.0.0.1/", "//", "ftp://x/y")) {
            handlers.put("/v2/team/web/manifests/1", e -> {
                e.getResponseHeaders().set("Location", target);
                e.sendResponseHeaders(302, -1);
            });
            refused("registry.answer-malformed", () -> client().manifest(reference));
        }
    }

    @Test
    void underTlsNothingLeadsOutOfIt() {
        List<HttpAsk> asks = new CopyOnWriteArrayList<>();
        HttpTransport secure = ask -> {
            asks.add(ask);
            return new HttpAnswer(
                    401,
                    Map.of("www-authenticate", List.of("Bearer realm=\"http://realm.example/token\"")),
                    java.io.InputStream.nullInputStream());
        };
        RegistryClient client = new RegistryClient(secure, RegistryAccess.as(new Credentials("u", "p")), retries());

        refused("registry.answer-malformed", () -> client.manifest(ImageReference.parse("r.example/x")));

        assertThat(asks).hasSize(1);
        assertThat(asks.getFirst().uri()).hasToString("https://r.example/v2/x/manifests/latest");
        assertThat(asks.getFirst().toString()).doesNotContain("Authorization");
    }

    @Test
    void dockerHubGetsAHintAtAccessTokens() {
        HttpTransport hub = ask -> new HttpAnswer(
                401,
                ask.uri().getHost().equals("auth.docker.io")
                        ? Map.of()
                        : Map.of(
                                "Www-Authenticate",
                                List.of(
                                        "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\"")),
                java.io.InputStream.nullInputStream());
        RegistryClient client = new RegistryClient(hub, RegistryAccess.as(new Credentials("u", "p")), retries());

        assertThat(refused("registry.unauthorized", () -> client.manifest(ImageReference.parse("u/private")))
                        .problem()
                        .remedy())
                .contains("personal access token");
    }

    @Test
    void recomputesEveryManifestsDigest() {
        byte[] manifest = manifest("amd64");
        handlers.put("/v2/team/web/manifests/1", e -> answer(e, 200, manifest, MediaTypes.OCI_MANIFEST));
        assertThat(client().manifest(reference).digest()).isEqualTo(Digest.of(manifest));
        Digest other = Digest.of(new byte[0]);
        handlers.put("/v2/team/web/manifests/" + other, e -> answer(e, 200, manifest, MediaTypes.OCI_MANIFEST));
        refused("registry.digest-mismatch", () -> client().manifest(reference.withDigest(other)));
        handlers.put("/v2/team/web/manifests/1", e -> {
            e.getResponseHeaders().set("Docker-Content-Digest", other.value());
            answer(e, 200, manifest, MediaTypes.OCI_MANIFEST);
        });
        refused("registry.digest-mismatch", () -> client().manifest(reference));
        assertThat(client().digest(reference)).isEqualTo(other);
    }

    @Test
    void boundsManifestsAndRefusesWebPages() {
        handlers.put("/v2/team/web/manifests/1", e -> {
            e.sendResponseHeaders(200, 0);
            byte[] much = new byte[1 << 20];
            for (int i = 0; i < 6; i++) {
                e.getResponseBody().write(much);
            }
        });
        refused("registry.too-large", () -> client().manifest(reference));
        handlers.put(
                "/v2/team/web/manifests/1",
                e -> answer(e, 200, "<html>".getBytes(StandardCharsets.UTF_8), "text/html; charset=utf-8"));
        refused("registry.answer-malformed", () -> client().manifest(reference));
        handlers.put("/v2/team/web/manifests/1", e -> answer(e, 200, new byte[] {1, 2}, "text/plain"));
        refused("registry.answer-malformed", () -> client().manifest(reference));
        refused("registry.not-found", () -> client().manifest(ImageReference.parse(address() + "/team/none")));
    }

    @Test
    void findsTheImageForEachArchitecture() {
        byte[] amd64 = manifest("amd64");
        byte[] arm = manifest("arm");
        byte[] index = Index.of(List.of(
                        new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(arm), arm.length)
                                .on(new Platform("linux", "arm", "v7")),
                        new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(amd64), amd64.length)
                                .on(new Platform("linux", "amd64", ""))))
                .toJson();
        handlers.put("/v2/team/web/manifests/1", e -> answer(e, 200, index, MediaTypes.OCI_INDEX));
        for (byte[] manifest : List.of(amd64, arm)) {
            handlers.put(
                    "/v2/team/web/manifests/" + Digest.of(manifest),
                    e -> answer(e, 200, manifest, MediaTypes.OCI_MANIFEST));
        }

        assertThat(client().images(reference))
                .extracting(RemoteImage::architecture)
                .containsExactly(Architecture.AMD64, Architecture.ARMHF);
        assertThat(client().image(reference, Architecture.ARMHF).resolved().digest())
                .isEqualTo(Digest.of(arm));
        assertThat(refused("image.architecture-missing", () -> client().image(reference, Architecture.ARM64))
                        .problem()
                        .message())
                .contains("arm64")
                .contains("linux/arm/v7, linux/amd64");

        handlers.put("/v2/team/web/manifests/1", e -> answer(e, 200, amd64, MediaTypes.OCI_MANIFEST));
        assertThat(client().images(reference)).hasSize(1);
        refused("image.architecture-missing", () -> client().image(reference, Architecture.ARM64));
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

    @Test
    void readsChallengesAsServersWriteThem() {
        assertThat(
                        Challenge.parse(
                                List.of(
                                        "Basic realm=\"a, \\\"b\\\"\", Bearer realm=\"https://x/t\",service=s , scope=\"repository:a/b:pull,push\"")))
                .containsExactly(
                        new Challenge("basic", Map.of("realm", "a, \"b\"")),
                        new Challenge(
                                "bearer",
                                Map.of("realm", "https://x/t", "service", "s", "scope", "repository:a/b:pull,push")));
        assertThat(Challenge.parse(List.of("", ",,=", "\"", "Negotiate"))).hasSize(1);
    }

    private void challenged(String user, String password) {
        String basic = "Basic "
                + java.util.Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        handlers.put("/token", e -> {
            assertThat(e.getRequestURI().getQuery()).isEqualTo("service=s&scope=repository:team/web:pull");
            if (!basic.equals(e.getRequestHeaders().getFirst("Authorization"))) {
                e.sendResponseHeaders(401, -1);
            } else {
                answer(e, 200, "{\"token\":\"t0ken\",\"expires_in\":300}".getBytes(StandardCharsets.UTF_8));
            }
        });
        handlers.put("/v2/team/web/manifests/1", e -> {
            if ("Bearer t0ken".equals(e.getRequestHeaders().getFirst("Authorization"))) {
                answer(e, 200, manifest("amd64"), MediaTypes.OCI_MANIFEST);
            } else {
                e.getResponseHeaders()
                        .set(
                                "WWW-Authenticate",
                                "Bearer realm=\"http://" + address()
                                        + "/token\",service=\"s\",scope=\"repository:team/web:pull\"");
                e.sendResponseHeaders(401, -1);
            }
        });
    }

    /** A manifest of one layer whose configuration is served, too. */
    private byte[] manifest(String architecture) {
        byte[] config = ("{\"os\":\"linux\",\"architecture\":\"" + architecture + "\",\"rootfs\":{\"diff_ids\":[\""
                        + layer.digest() + "\"]}}")
                .getBytes(StandardCharsets.UTF_8);
        handlers.put("/v2/team/web/blobs/" + Digest.of(config), e -> answer(e, 200, config));
        return """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":%d},
                 "layers":[{"mediaType":"%s","digest":"%s","size":%d}]}
                """.formatted(
                        MediaTypes.OCI_MANIFEST,
                        MediaTypes.OCI_CONFIG,
                        Digest.of(config),
                        config.length,
                        layer.mediaType(),
                        layer.digest(),
                        layer.size())
                .getBytes(StandardCharsets.UTF_8);
    }

    private void begun(int bytes) {
        try (ContentStore.Partial partial = store.partial(layer.digest(), layer.size())) {
            partial.write(Arrays.copyOf(LAYER, bytes));
        }
    }

    private void fetch() {
        fetch(RegistryAccess.anonymous());
    }

    private void fetch(RegistryAccess access) {
        try (ContentStore.Partial partial = store.partial(layer.digest(), layer.size())) {
            client(access).blob(reference, layer, partial, bytes -> {});
        }
    }

    private RegistryClient client() {
        return client(RegistryAccess.anonymous());
    }

    private RegistryClient client(RegistryAccess access) {
        return new RegistryClient(transport, access.overPlainHttp(), retries());
    }

    private Retries retries() {
        return new Retries(() -> now, new Random(1), pauses::add);
    }

    private String blobPath() {
        return "/v2/team/web/blobs/" + layer.digest();
    }

    private String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static int from(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }

    /** Serves the range that is asked for, or one beside it. */
    private static void ranged(HttpExchange exchange, int off) throws IOException {
        int asked = from(exchange);
        int from = asked == 0 ? 0 : asked + off;
        if (asked > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (LAYER.length - 1) + "/" + LAYER.length);
        }
        answer(exchange, asked > 0 ? 206 : 200, Arrays.copyOfRange(LAYER, from, LAYER.length));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        answer(exchange, status, body, "application/octet-stream");
    }

    private static void answer(HttpExchange exchange, int status, byte[] body, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private static ProblemException refused(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        ProblemException problem = org.assertj.core.api.Assertions.catchThrowableOfType(ProblemException.class, call);
        assertThat(problem).isNotNull();
        assertThat(problem.code()).isEqualTo(code);
        return problem;
    }
}
