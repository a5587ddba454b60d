package io.skerry.device.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.skerry.content.tls.CertificateSigningRequest;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.PinnedAuthority;
import io.skerry.content.tls.ReloadableKeyManager;
import io.skerry.content.tls.TlsContexts;
import io.skerry.content.tls.TlsIdentity;
import io.skerry.content.tls.TlsKeys;
import io.skerry.device.TestAuthority;
import io.skerry.device.watch.LifeSign;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.wire.Paths;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A link with a cloud that answers as a test says. */
abstract class LinkScene {
    @TempDir
    static Path certificates;

    static SSLContext serverTls;

    static SSLContext deviceTls;

    @TempDir
    Path data;

    /** One answer to a poll. */
    interface Answer {
        void to(HttpExchange poll) throws IOException, InterruptedException;
    }

    record Ask(String tag, String prefer) {}

    final Signed signed = new Signed();

    final List<Ask> polls = new CopyOnWriteArrayList<>();

    final List<String> statuses = new CopyOnWriteArrayList<>();

    final List<DesiredState> handed = new CopyOnWriteArrayList<>();

    final List<Instant> told = new CopyOnWriteArrayList<>();

    final AtomicReference<Answer> answer = new AtomicReference<>(LinkScene::hold);

    final AtomicBoolean unforeseen = new AtomicBoolean();

    final AtomicInteger statusCode = new AtomicInteger(204);

    final List<String> life = new CopyOnWriteArrayList<>();

    final AtomicReference<String> status = new AtomicReference<>("{}");

    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    HttpsServer server;

    CloudClient client;

    TrafficCount traffic;

    Link link;

    @BeforeAll
    static void makeCertificates() throws Exception {
        var authority = new TestAuthority(certificates, "cloud");
        var trust = PinnedAuthority.of(authority.certificate());
        serverTls = TlsContexts.mutual(new ReloadableKeyManager(authority.server("IP:127.0.0.1")), trust);
        KeyPair key = TlsKeys.generate();
        var csr = CertificateSigningRequest.create(key.getPrivate(), key.getPublic(), Signed.NODE);
        var chain = Pem.certificates(authority.device(csr));
        deviceTls = TlsContexts.mutual(new ReloadableKeyManager(new TlsIdentity(key.getPrivate(), chain)), trust);
    }

    @BeforeEach
    void begin() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.setHttpsConfigurator(new HttpsConfigurator(serverTls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = serverTls.getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.createContext(Paths.DESIRED_STATE, this::poll);
        server.createContext(Paths.STATUS, exchange -> {
            statuses.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(statusCode.get(), -1);
            exchange.close();
        });
        server.start();
        traffic = TrafficCount.open(data);
        client = new CloudClient(
                deviceTls,
                URI.create("https://127.0.0.1:" + server.getAddress().getPort()),
                traffic,
                (time, _) -> told.add(time));
        link = link();
    }

    @AfterEach
    void end() {
        link.close();
        client.close();
        server.stop(0);
        threads.shutdownNow();
    }

    List<String> codes() {
        return link.problems().stream().map(Problem::code).toList();
    }

    /** A new daemon's link, not started yet, after this document was taken and some of the kept files were spoilt. */
    void restartAfter(DesiredState taken, String... spoilt) throws IOException {
        answer.set(once(document(taken)));
        link.start();
        await().until(() -> handed.size() == 1 && polls.size() >= 2);
        link.close();
        answer.set(LinkScene::hold);
        for (String file : spoilt) {
            Files.writeString(data.resolve("link").resolve(file), "no json");
        }
        handed.clear();
        polls.clear();
        link = link();
    }

    LifeSign watched(String part, Duration limit) {
        assertThat(limit).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
        return new LifeSign() {
            @Override
            public void shown() {
                life.add(part);
            }

            @Override
            public void waits(Duration most) {
                life.add(part + " waits " + most.toMillis() + " ms");
            }
        };
    }

    Link link() {
        var pace = new LinkPace(
                Duration.ofMillis(500),
                Duration.ofMillis(200),
                Duration.ofSeconds(2),
                Duration.ofMillis(200),
                Duration.ofMillis(50),
                Duration.ofMillis(900));
        return new Link(
                data,
                new Link.Party(Signed.CUSTOMER, Signed.NODE, signed.rootEncoded()),
                client,
                traffic,
                Duration.ofSeconds(1),
                pace,
                this::watched,
                state -> {
                    if (unforeseen.get()) {
                        throw new IllegalStateException("nobody thought of this");
                    }
                    handed.add(state);
                },
                () -> status.get().getBytes(StandardCharsets.UTF_8),
                new Random(1));
    }

    void poll(HttpExchange exchange) throws IOException {
        try (exchange) {
            var tag = exchange.getRequestHeaders().getFirst("If-None-Match");
            polls.add(
                    new Ask(tag == null ? "" : tag, exchange.getRequestHeaders().getFirst("Prefer")));
            answer.get().to(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Answer document(DesiredState state) {
        byte[] body = signed.body(state);
        return poll -> {
            poll.getResponseHeaders().set("ETag", state.head().position().entityTag());
            poll.sendResponseHeaders(200, body.length);
            poll.getResponseBody().write(body);
        };
    }

    /** This answer to the next poll, and none to those after it. */
    Answer once(Answer first) {
        var left = new AtomicInteger(1);
        return poll -> {
            if (left.getAndDecrement() > 0) {
                first.to(poll);
            } else {
                hold(poll);
            }
        };
    }

    /** Never answers, as a peer does that is gone. */
    static void hold(HttpExchange poll) throws InterruptedException {
        Thread.sleep(Duration.ofMinutes(5));
    }
}
