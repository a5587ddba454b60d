package io.skerry.content.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skerry.content.ContentStore;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageReference;
import io.skerry.content.oci.MediaTypes;
import io.skerry.content.tls.TlsContexts;
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

/** A client and a registry that answers as a test says. */
abstract class RegistryScene {
    interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    static final byte[] LAYER = new byte[300_000];

    static {
        new Random(7).nextBytes(LAYER);
    }

    final Path temp;

    final Map<String, Handler> handlers = new ConcurrentHashMap<>();

    final List<String> asked = new CopyOnWriteArrayList<>();

    final List<Duration> pauses = new CopyOnWriteArrayList<>();

    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    HttpServer server;

    JdkHttpTransport transport;

    ImageReference reference;

    ContentStore store;

    Descriptor layer;

    RegistryScene(Path temp) throws IOException {
        this.temp = temp;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        transport = new JdkHttpTransport(TlsContexts.system(), Duration.ofSeconds(5));
        reference = ImageReference.parse(address() + "/team/web:1");
        store = ContentStore.open(temp.resolve("content"));
        layer = new Descriptor("application/vnd.oci.image.layer.v1.tar", Digest.of(LAYER), LAYER.length);
    }

    @BeforeEach
    void start() {
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

    void challenged(String user, String password) {
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
    byte[] manifest(String architecture) {
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

    void fetch() {
        fetch(RegistryAccess.anonymous());
    }

    void fetch(RegistryAccess access) {
        try (ContentStore.Partial partial = store.partial(layer.digest(), layer.size())) {
            client(access).blob(reference, layer, partial, bytes -> {});
        }
    }

    RegistryClient client() {
        return client(RegistryAccess.anonymous());
    }

    RegistryClient client(RegistryAccess access) {
        return new RegistryClient(transport, access.overPlainHttp(), retries());
    }

    Retries retries() {
        return new Retries(() -> now, new Random(1), pauses::add);
    }

    String blobPath() {
        return "/v2/team/web/blobs/" + layer.digest();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    static int from(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }

    /** Serves the range that is asked for, or one beside it. */
    static void ranged(HttpExchange exchange, int off) throws IOException {
        int asked = from(exchange);
        int from = asked == 0 ? 0 : asked + off;
        if (asked > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (LAYER.length - 1) + "/" + LAYER.length);
        }
        answer(exchange, asked > 0 ? 206 : 200, Arrays.copyOfRange(LAYER, from, LAYER.length));
    }

    static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        answer(exchange, status, body, "application/octet-stream");
    }

    static void answer(HttpExchange exchange, int status, byte[] body, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    static ProblemException refused(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        ProblemException problem = org.assertj.core.api.Assertions.catchThrowableOfType(ProblemException.class, call);
        assertThat(problem).isNotNull();
        assertThat(problem.code()).isEqualTo(code);
        return problem;
    }
}
