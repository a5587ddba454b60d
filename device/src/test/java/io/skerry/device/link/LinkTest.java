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
import io.skerry.spec.desired.Position;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.wire.Messages;
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
import java.util.Objects;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The link against a real TLS server that misbehaves as told. */
class LinkTest {
    @TempDir
    static Path certificates;

    private static SSLContext serverTls;
    private static SSLContext deviceTls;

    @TempDir
    Path data;

    /** One answer to a poll. */
    private interface Answer {
        void to(HttpExchange poll) throws IOException, InterruptedException;
    }

    private record Ask(String tag, String prefer) {}

    private final Signed signed = new Signed();
    private final List<Ask> polls = new CopyOnWriteArrayList<>();
    private final List<String> statuses = new CopyOnWriteArrayList<>();
    private final List<DesiredState> handed = new CopyOnWriteArrayList<>();
    private final List<Instant> told = new CopyOnWriteArrayList<>();
    private final AtomicReference<Answer> answer = new AtomicReference<>(LinkTest::hold);
    private final AtomicBoolean unforeseen = new AtomicBoolean();
    private final AtomicInteger statusCode = new AtomicInteger(204);
    private final List<String> life = new CopyOnWriteArrayList<>();
    private final AtomicReference<String> status = new AtomicReference<>("{}");
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpsServer server;
    private CloudClient client;
    private TrafficCount traffic;
    private Link link;

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

    @Test
    void takesADocumentAndAsksForTheNextByItsPosition() {
        answer.set(once(document(Signed.state(1, 1))));

        link.start();

        await().until(() -> handed.size() == 1);
        await().until(() -> polls.size() >= 2);
        assertThat(polls.get(0)).isEqualTo(new Ask("", "wait=1"));
        assertThat(polls.get(1).tag()).isEqualTo("\"1.1\"");
        assertThat(link.accepted()).isEqualTo(new Position(1, 1));
        assertThat(told).isNotEmpty();
    }

    @Test
    void asksAgainAfter304AndWaitsAsLongAsTheCloudProposes() {
        answer.set(poll -> {
            poll.getResponseHeaders().set(Paths.NEXT_WAIT_HEADER, "77");
            // A cloud that answers before half of what was asked for didn't wait, and is asked again later.
            Thread.sleep(1000);
            poll.sendResponseHeaders(304, -1);
        });

        link.start();

        await().until(() -> polls.size() >= 2);
        assertThat(polls.get(1).prefer()).isEqualTo("wait=77");
    }

    @Test
    void doesNotAskInATightLoopWhenTheCloudDoesNotWait() {
        answer.set(poll -> poll.sendResponseHeaders(304, -1));

        link.start();

        await().until(() -> !polls.isEmpty());
        await().during(Duration.ofSeconds(1)).until(() -> polls.size() < 15);
    }

    @Test
    void noticesAConnectionThatIsHalfOpen() {
        answer.set(LinkTest::hold);
        link.start();
        await().until(() -> polls.size() == 1);

        answer.set(once(document(Signed.state(1, 1))));

        await().until(() -> handed.size() == 1);
    }

    @Test
    void comesBackAfterTheTimeThatABusyCloudAsksFor() {
        var asked = new CopyOnWriteArrayList<Long>();
        answer.set(poll -> {
            asked.add(System.nanoTime());
            poll.getResponseHeaders().set("Retry-After", "1");
            poll.sendResponseHeaders(503, -1);
        });

        link.start();

        await().until(() -> asked.size() >= 2);
        assertThat(Duration.ofNanos(asked.get(1) - asked.get(0))).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void refusedDocumentChangesNothingAndIsReported() {
        answer.set(once(document(Signed.state(2, 1))));
        link.start();
        await().until(() -> handed.size() == 1);

        answer.set(once(document(Signed.state(1, 9))));

        await().until(() -> !link.problems().isEmpty());
        assertThat(link.problems()).extracting(Problem::code).containsExactly("document.older");
        assertThat(handed).hasSize(1);
        assertThat(link.accepted()).isEqualTo(new Position(2, 1));
        await().until(() -> polls.getLast().tag().equals("\"1.9\""));

        answer.set(once(document(Signed.state(2, 2))));
        await().until(() -> handed.size() == 2);
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void documentThatTheDiskDoesNotTakeIsAskedForAgainAndNotActedOnBefore() throws IOException {
        answer.set(document(Signed.state(1, 1)));
        Path inTheWay = Files.createDirectory(data.resolve("link/document.json"));
        Files.createFile(inTheWay.resolve("file"));

        link.start();

        await().until(() -> link.problems().stream().anyMatch(p -> p.code().equals("disk.failed")));
        await().until(() -> polls.size() >= 2);
        assertThat(polls).allMatch(p -> p.tag().isEmpty());
        assertThat(handed).isEmpty();
        assertThat(link.accepted()).isEqualTo(Position.NONE);

        Files.delete(inTheWay.resolve("file"));
        Files.delete(inTheWay);
        await().until(() -> handed.size() == 1);
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void goesOnAskingWhenWhatADocumentAsksForFailsInAnUnforeseenWay() {
        unforeseen.set(true);
        answer.set(once(document(Signed.state(1, 1))));
        link.start();
        await().until(() -> link.problems().stream().anyMatch(p -> p.code().equals("device.internal")));

        unforeseen.set(false);
        answer.set(once(document(Signed.state(1, 2))));

        // The first may be handed over once more before the second comes.
        await().until(() -> !handed.isEmpty() && link.accepted().equals(new Position(1, 2)));
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void acceptedDocumentThatTheWorkloadDoesNotTakeIsHandedOverAgainThoughTheCloudSendsNothingNew() {
        unforeseen.set(true);
        answer.set(poll -> {
            if ("\"1.1\"".equals(poll.getRequestHeaders().getFirst("If-None-Match"))) {
                Thread.sleep(300);
                poll.sendResponseHeaders(304, -1);
            } else {
                poll.getResponseHeaders().set(Paths.NEXT_WAIT_HEADER, "3600");
                document(Signed.state(1, 1)).to(poll);
            }
        });
        link.start();
        await().until(() -> polls.size() >= 4);
        assertThat(codes()).containsExactly("device.internal");
        assertThat(polls).allMatch(p -> p.tag().equals("\"1.1\"") || p.tag().isEmpty());
        assertThat(polls.stream().skip(1)).allMatch(p -> p.prefer().matches("wait=[123]"));
        assertThat(handed).isEmpty();

        unforeseen.set(false);

        await().until(() -> handed.equals(List.of(Signed.state(1, 1))));
        await().until(() -> link.problems().isEmpty());
        await().until(() -> polls.getLast().prefer().equals("wait=3600"));
        assertThat(handed).hasSize(1);
    }

    @Test
    void acceptedDocumentIsHandedOverAgainAlsoWhileTheCloudIsNotReached() {
        unforeseen.set(true);
        answer.set(once(document(Signed.state(1, 1))));
        link.start();
        await().until(() -> codes().contains("device.internal"));
        server.stop(0);

        unforeseen.set(false);

        await().until(() -> handed.equals(List.of(Signed.state(1, 1))));
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void deviceThatTheCloudDoesNotKnowSaysSoAndKeepsAskingSlowly() {
        answer.set(poll -> {
            byte[] body = Messages.PROBLEM.toJsonBytes(new Problem("node.removed", "This node was removed."));
            poll.sendResponseHeaders(403, body.length);
            poll.getResponseBody().write(body);
        });

        link.start();

        await().until(() -> !link.problems().isEmpty());
        assertThat(link.problems()).containsExactly(new Problem("node.removed", "This node was removed."));
        await().until(() -> polls.size() >= 2);
    }

    @Test
    void statusIsSentAtTheStartAndWhenItChangedAndOnceForManyChanges() {
        status.set("{\"n\":1}");
        link.start();
        await().until(() -> statuses.equals(List.of("{\"n\":1}")));

        status.set("{\"n\":2}");
        for (int i = 0; i < 50; i++) {
            link.statusChanged();
        }

        await().during(Duration.ofMillis(400)).until(() -> statuses.equals(List.of("{\"n\":1}", "{\"n\":2}")));
    }

    @Test
    void statusIsSentNowAndThenThoughNothingChanged() {
        link.start();

        await().until(() -> statuses.size() >= 3);
    }

    @Test
    void statusThatCouldNotBeSentIsSentLater() {
        statusCode.set(500);
        link.start();
        await().until(() -> !statuses.isEmpty());
        await().until(() -> link.problems().stream().anyMatch(p -> p.code().equals("link.status-refused")));

        statusCode.set(204);

        await().until(() -> link.problems().isEmpty());
        assertThat(statuses.size()).isGreaterThan(1);
    }

    @Test
    void handsTheLastDocumentAgainAfterARestartOfTheDaemon() {
        answer.set(once(document(Signed.state(1, 1))));
        link.start();
        await().until(() -> handed.size() == 1);
        link.close();
        answer.set(LinkTest::hold);

        link = link();
        link.start();

        await().until(() -> handed.size() == 2);
        await().until(() -> polls.getLast().tag().equals("\"1.1\""));
    }

    @Test
    void unreadableDocumentIsReportedAndFetchedAgainButNoOlderOneInItsPlace() throws IOException {
        restartAfter(Signed.state(2, 1), "document.json");

        answer.set(once(document(Signed.state(1, 9))));
        link.start();

        await().until(() -> codes().contains("document.older"));
        assertThat(polls.getFirst().tag()).isEmpty();
        assertThat(handed).isEmpty();
        assertThat(link.accepted()).isEqualTo(new Position(2, 1));

        answer.set(once(document(Signed.state(2, 1))));
        await().until(() -> handed.equals(List.of(Signed.state(2, 1))));
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void spoiltTrustOrPositionIsReadFromItsCopy() throws IOException {
        restartAfter(Signed.state(1, 2), "trust.json", "position.json", "document.json");

        answer.set(once(document(Signed.state(1, 1))));
        link.start();

        await().until(() -> codes().contains("document.older"));
        answer.set(once(document(Signed.state(1, 3))));
        await().until(() -> handed.equals(List.of(Signed.state(1, 3))));
        await().until(() -> link.problems().isEmpty());
    }

    @Test
    void spoiltCopiesCostNothing() throws IOException {
        restartAfter(Signed.state(1, 1), "trust.json.copy", "position.json.copy");

        answer.set(once(document(Signed.state(1, 2))));
        link.start();

        await().until(() -> handed.equals(List.of(Signed.state(1, 1), Signed.state(1, 2))));
        assertThat(codes()).isEmpty();
    }

    @Test
    void unreadableTrustRefusesNewDocumentsAndRunsTheLastOneOn() throws IOException {
        restartAfter(Signed.state(1, 1), "trust.json", "trust.json.copy");

        answer.set(once(document(Signed.state(1, 2))));
        link.start();

        await().until(() -> handed.equals(List.of(Signed.state(1, 1))));
        await().until(() -> polls.stream().anyMatch(p -> p.tag().equals("\"1.2\"")));
        assertThat(codes()).containsExactly("link.trust-unreadable");
        assertThat(link.problems().getFirst().sentence()).contains("trust.json").contains("remove it");
        assertThat(handed).hasSize(1);
        assertThat(data.resolve("link/trust.json")).hasContent("no json");
    }

    @Test
    void unreadableDocumentWithoutAKeptPositionRefusesNewDocuments() throws IOException {
        restartAfter(Signed.state(1, 1), "document.json");
        link.close();
        Files.delete(data.resolve("link/position.json"));
        Files.delete(data.resolve("link/position.json.copy"));
        link = link();

        answer.set(once(document(Signed.state(1, 1))));
        link.start();

        await().until(() -> polls.stream().anyMatch(p -> p.tag().equals("\"1.1\"")));
        assertThat(codes()).containsExactly("link.position-unreadable");
        assertThat(handed).isEmpty();
    }

    private List<String> codes() {
        return link.problems().stream().map(Problem::code).toList();
    }

    /** A new daemon's link, not started yet, after this document was taken and some of the kept files were spoilt. */
    private void restartAfter(DesiredState taken, String... spoilt) throws IOException {
        answer.set(once(document(taken)));
        link.start();
        await().until(() -> handed.size() == 1 && polls.size() >= 2);
        link.close();
        answer.set(LinkTest::hold);
        for (String file : spoilt) {
            Files.writeString(data.resolve("link").resolve(file), "no json");
        }
        handed.clear();
        polls.clear();
        link = link();
    }

    @Test
    void bothLoopsShowSignsOfLifeAndSayHowLongTheyWaitOnPurpose() {
        answer.set(once(poll -> {
            poll.getResponseHeaders().set("Retry-After", "1");
            poll.sendResponseHeaders(503, -1);
        }));

        link.start();

        await().until(() ->
                life.stream().filter("the polling waits 1500 ms"::equals).count() >= 2);
        await().until(() -> life.stream()
                        .filter("the reporting of the status waits 900 ms"::equals)
                        .count()
                >= 2);
        // The pause that the cloud asked for, and the jitter.
        assertThat(life).anyMatch(sign -> sign.matches("the polling waits 1[12].. ms"));
    }

    private LifeSign watched(String part, Duration limit) {
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

    @Test
    void countsBytesByPurposeAndKeepsTheCounts() {
        answer.set(once(document(Signed.state(1, 1))));
        link.start();
        await().until(() -> handed.size() == 1 && !statuses.isEmpty());
        await().until(() -> count(traffic, "status").sent() > 0);

        link.close();

        var state = count(TrafficCount.open(data), "state");
        assertThat(state.received()).isGreaterThan(signed.body(Signed.state(1, 1)).length);
        assertThat(state.sent()).isBetween(50L, 5000L);
    }

    private static DeviceStatus.Traffic count(TrafficCount traffic, String purpose) {
        return Objects.requireNonNull(traffic.byPurpose().get(purpose));
    }

    private Link link() {
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

    private void poll(HttpExchange exchange) throws IOException {
        try (exchange) {
            var tag = exchange.getRequestHeaders().getFirst("If-None-Match");
            polls.add(
                    new Ask(tag == null ? "" : tag, exchange.getRequestHeaders().getFirst("Prefer")));
            answer.get().to(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer document(DesiredState state) {
        byte[] body = signed.body(state);
        return poll -> {
            poll.getResponseHeaders().set("ETag", state.head().position().entityTag());
            poll.sendResponseHeaders(200, body.length);
            poll.getResponseBody().write(body);
        };
    }

    /** This answer to the next poll, and none to those after it. */
    private Answer once(Answer first) {
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
    private static void hold(HttpExchange poll) throws InterruptedException {
        Thread.sleep(Duration.ofMinutes(5));
    }
}
