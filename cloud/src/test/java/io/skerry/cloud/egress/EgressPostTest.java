package io.skerry.cloud.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Posts to a real receiver that behaves badly in one way each. */
class EgressPostTest {
    private static final long GIGABYTE = 1L << 30;

    private final HttpServer server;
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final AtomicReference<String> last = new AtomicReference<>("");
    private final AtomicLong written = new AtomicLong();
    private final CountDownLatch brokenOff = new CountDownLatch(1);
    private final Path folder;

    EgressPostTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        last.set(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("webhook-id") + " "
                + exchange.getRequestHeaders().getFirst("content-type") + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        switch (exchange.getRequestURI().getPath()) {
            case "/away" -> {
                exchange.getResponseHeaders().add("location", "/elsewhere");
                exchange.sendResponseHeaders(307, -1);
            }
            case "/silent" -> awaitEnd();
            case "/stalls" -> {
                exchange.sendResponseHeaders(202, 100);
                exchange.getResponseBody().write("half".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                awaitEnd();
            }
            case "/gigabyte" -> gigabyte(exchange);
            default -> {
                exchange.sendResponseHeaders(204, -1);
            }
        }
        exchange.close();
    }

    private void gigabyte(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, GIGABYTE);
        byte[] part = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        try {
            for (long sent = 0; sent < GIGABYTE; sent += part.length) {
                exchange.getResponseBody().write(part);
                written.addAndGet(part.length);
            }
        } finally {
            brokenOff.countDown();
        }
    }

    private void awaitEnd() {
        try {
            stuck.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        stuck.countDown();
        server.stop(0);
    }

    private EgressTransport transport(boolean privateAllowed) {
        return new EgressTransport(new EgressPolicy(privateAllowed), TrustedAuthorities.systemAnd(folder));
    }

    private EgressPost post(String host, String path, Duration limit) {
        return new EgressPost(
                URI.create("http://" + host + ":" + server.getAddress().getPort() + path),
                Map.of("webhook-id", "7"),
                "application/json",
                "{}".getBytes(StandardCharsets.UTF_8),
                limit,
                16);
    }

    private EgressPost post(String path) {
        return post("localhost", path, Duration.ofSeconds(20));
    }

    @Test
    void aBodyArrivesWithItsHeaders() throws IOException {
        try (var transport = transport(true)) {
            EgressAnswer answer = transport.post(post("/in?a=b"));

            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.firstBytes()).isEmpty();
            assertThat(last).hasValue("POST /in?a=b 7 application/json {}");
        }
    }

    @Test
    void aRedirectIsAnAnswerAndNoWay() throws IOException {
        try (var transport = transport(true)) {
            assertThat(transport.post(post("/away")).status()).isEqualTo(307);
            assertThat(last.get()).startsWith("POST /away");
        }
    }

    @Test
    void ofAGigabyteTheFirstBytesAreRead() throws Exception {
        try (var transport = transport(true)) {
            EgressAnswer answer = transport.post(post("/gigabyte"));

            assertThat(answer.firstBytes()).hasSize(16).containsOnly('x');
            brokenOff.await();
            assertThat(written).hasValueLessThan(GIGABYTE / 2);
        }
    }

    @Test
    void whoSaysNothingIsWaitedForSoLong() {
        try (var transport = transport(true)) {
            assertThatThrownBy(() -> transport.post(post("localhost", "/silent", Duration.ofMillis(300))))
                    .isInstanceOf(SocketTimeoutException.class)
                    .message()
                    .doesNotContain("/silent");
        }
    }

    @Test
    void whoStopsAmidItsAnswerHasAnswered() throws IOException {
        try (var transport = transport(true)) {
            EgressAnswer answer = transport.post(post("localhost", "/stalls", Duration.ofSeconds(1)));

            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.firstBytes()).startsWith('h', 'a', 'l', 'f');
        }
    }

    @Test
    void privateAddressesAreRefusedByNameAndWrittenOut() {
        try (var transport = transport(false)) {
            for (String host : new String[] {"localhost", "127.0.0.1", "[::1]"}) {
                assertThatThrownBy(() -> transport.post(post(host, "/", Duration.ofSeconds(5))))
                        .as(host)
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                e -> assertThat(e.code()).isEqualTo("egress.refused"));
                assertThatThrownBy(() -> transport.check(host)).isInstanceOf(ProblemException.class);
            }
            transport.check("no-such-host.invalid");
        }
        assertThat(last).hasValue("");
    }

    @Test
    void aNameThatLeadsToAPrivateAddressLaterIsRefusedThen() throws IOException {
        AtomicReference<String> leads = new AtomicReference<>("192.0.2.1");
        leads.set("93.184.216.34");
        EgressTransport.HostLookup lookup = host -> new InetAddress[] {InetAddress.getByName(leads.get())};
        try (var transport =
                new EgressTransport(new EgressPolicy(false), TrustedAuthorities.systemAnd(folder), lookup)) {
            transport.check("receiver.example");
            leads.set("127.0.0.1");

            assertThatThrownBy(() -> transport.post(post("receiver.example", "/", Duration.ofSeconds(5))))
                    .isInstanceOf(ProblemException.class);
        }
        assertThat(last).hasValue("");
    }
}
