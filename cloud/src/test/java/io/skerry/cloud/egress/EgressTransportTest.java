package io.skerry.cloud.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.skerry.content.registry.HttpAnswer;
import io.skerry.content.registry.HttpAsk;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EgressTransportTest {
    private final Path folder;
    private final HttpServer server;
    private final AtomicInteger served = new AtomicInteger();
    private final CountDownLatch stuck = new CountDownLatch(1);

    EgressTransportTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            served.incrementAndGet();
            switch (exchange.getRequestURI().getPath()) {
                case "/away" -> {
                    exchange.getResponseHeaders().add("location", "http://169.254.169.254/");
                    exchange.sendResponseHeaders(302, -1);
                }
                case "/silent" -> {
                    try {
                        stuck.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                case "/large" -> {
                    exchange.sendResponseHeaders(200, 32 << 20);
                    byte[] part = new byte[1 << 20];
                    for (int i = 0; i < 32; i++) {
                        exchange.getResponseBody().write(part);
                    }
                }
                default -> {
                    byte[] headers = String.valueOf(exchange.getRequestHeaders().keySet())
                            .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, headers.length);
                    exchange.getResponseBody().write(headers);
                }
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        stuck.countDown();
        server.stop(0);
    }

    private EgressTransport transport(boolean privateAllowed) {
        return new EgressTransport(new EgressPolicy(privateAllowed), TrustedAuthorities.systemAnd(folder));
    }

    private HttpAsk ask(String host, String path, Duration limit) {
        return new HttpAsk(
                "GET",
                URI.create("http://" + host + ":" + server.getAddress().getPort() + path),
                Map.of("accept", "text/plain"),
                limit);
    }

    private HttpAsk ask(String host, String path) {
        return ask(host, path, Duration.ofSeconds(20));
    }

    @Test
    void refusesPrivateAddressesByNameAndWrittenOut() {
        try (var transport = transport(false)) {
            for (String host : new String[] {"localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"}) {
                assertThatThrownBy(() -> transport.send(ask(host, "/")))
                        .as(host)
                        .isInstanceOfSatisfying(
                                ProblemException.class,
                                e -> assertThat(e.code()).isEqualTo("egress.refused"));
            }
        }
        assertThat(served).hasValue(0);
    }

    @Test
    void callsThemWhereTheInstallationAllowsAndAddsNothingOfItsOwn() throws IOException {
        try (var transport = transport(true);
                HttpAnswer answer = transport.send(ask("localhost", "/"))) {
            assertThat(answer.status()).isEqualTo(200);
            String headers = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(headers.toLowerCase(java.util.Locale.ROOT))
                    .contains("accept")
                    .doesNotContain("accept-encoding")
                    .doesNotContain("cookie");
        }
    }

    @Test
    void theAddressThatWasJudgedIsTheOneThatIsCalled() throws IOException {
        var lookups = new AtomicInteger();
        // A name that leads elsewhere at each look-up, as an attacker's name server would have it.
        EgressTransport.HostLookup rebinding = host -> new InetAddress[] {
            InetAddress.getByName(lookups.incrementAndGet() == 1 ? "127.0.0.1" : "169.254.169.254")
        };
        try (var transport =
                        new EgressTransport(new EgressPolicy(true), TrustedAuthorities.systemAnd(folder), rebinding);
                HttpAnswer answer = transport.send(ask("rebound.example", "/"))) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(lookups).hasValue(1);
        }
    }

    @Test
    void followsNoRedirect() throws IOException {
        try (var transport = transport(true);
                HttpAnswer answer = transport.send(ask("localhost", "/away"))) {
            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.header("Location")).contains("http://169.254.169.254/");
        }
    }

    @Test
    void waitsNoLongerThanItMay() {
        try (var transport = transport(true)) {
            assertThatThrownBy(() -> transport.send(ask("localhost", "/silent", Duration.ofMillis(300))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aHostThatIsNotThereIsAnIoException() {
        try (var transport = transport(true)) {
            server.stop(0);
            assertThatThrownBy(() -> transport.send(ask("localhost", "/"))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> transport.send(ask("no-such-host.invalid", "/")))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void streamsLargeBodies() throws IOException {
        try (var transport = transport(true);
                HttpAnswer answer = transport.send(ask("localhost", "/large"))) {
            long bytes = 0;
            byte[] buffer = new byte[1 << 16];
            for (int n = answer.body().read(buffer); n >= 0; n = answer.body().read(buffer)) {
                bytes += n;
            }
            assertThat(bytes).isEqualTo(32 << 20);
        }
    }

    @Test
    void aFileWithoutCertificatesIsNamed() throws IOException {
        Files.writeString(folder.resolve("mine.pem"), "nothing");
        assertThatThrownBy(() -> TrustedAuthorities.systemAnd(folder))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("registry-ca.malformed");
                    assertThat(e.problem().message()).contains("mine.pem");
                });
    }
}
