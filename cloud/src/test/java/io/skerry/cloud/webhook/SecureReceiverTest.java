package io.skerry.cloud.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.skerry.cloud.egress.EgressPolicy;
import io.skerry.cloud.egress.EgressTransport;
import io.skerry.cloud.egress.TrustedAuthorities;
import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an event to a real receiver behind TLS, by the program's own way out. */
@Tag(TestDatabase.TAG)
class SecureReceiverTest {
    private static final Caller ADMIN = Caller.everything(FleetFixture.TESTER);
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path folder;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private FleetFixture fleet;
    private HttpsServer server;
    private String customer;

    @BeforeEach
    void open() throws Exception {
        fleet = FleetFixture.withoutImages(folder.resolve("data"));
        customer = fleet.customer("north");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ownCertificate()));
        server.createContext("/in", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(exchange.getRequestHeaders().getFirst("webhook-signature") + " " + body);
            byte[] answer = "thanks".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    /** Of localhost, signed by itself; it lies in the folder "trusted" too. */
    private SSLContext ownCertificate() throws Exception {
        Path keys = folder.resolve("keys.p12");
        Path trusted = Files.createDirectories(folder.resolve("trusted"));
        keytool(
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                new String(PASSWORD));
        keytool(
                "-exportcert",
                "-alias",
                "a",
                "-rfc",
                "-file",
                trusted.resolve("own.pem").toString(),
                "-keystore",
                keys.toString(),
                "-storepass",
                new String(PASSWORD));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("keytool.log");
        int ended = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
        assertThat(ended).as(Files.readString(out)).isZero();
    }

    @AfterEach
    void close() {
        server.stop(0);
        fleet.close();
    }

    private String url() {
        return "https://localhost:" + server.getAddress().getPort() + "/in";
    }

    private Webhook webhook() {
        return fleet.webhooks.list(customer).getFirst();
    }

    private Attempt attempted() {
        fleet.storage.write(h -> fleet.events.append(
                h, new NewEvent(customer, EventType.NODE_ENROLLED, Subject.node("n"), Map.of("node_name", "quay"))));
        fleet.deliveryLoop().turn();
        return fleet.webhooks
                .deliveries(webhook().webhookId(), Optional.empty(), 1, "")
                .items()
                .getFirst()
                .attempts()
                .getFirst();
    }

    private static EgressTransport way(boolean privateAllowed, Path trusted) {
        return new EgressTransport(new EgressPolicy(privateAllowed), TrustedAuthorities.systemAnd(trusted));
    }

    @Test
    void aMessageIsTakenByWhoeverHasATrustedCertificate() {
        try (EgressTransport way = way(true, folder.resolve("trusted"))) {
            fleet.posts = way;
            String secret =
                    fleet.webhooks.create(new NewWebhook(customer, "pager", url(), List.of(), Optional.empty()), ADMIN);
            Attempt attempt = attempted();

            assertThat(attempt.status()).contains(200);
            assertThat(attempt.answer()).isEqualTo("thanks");
            assertThat(received).singleElement().asString().startsWith("v1,").contains("\"node_name\":\"quay\"");
            assertThat(secret).startsWith("whsec_");
        }
    }

    @Test
    void whoseCertificateNobodyVouchesForIsToldNothing() {
        try (EgressTransport way = way(true, folder.resolve("none"))) {
            fleet.posts = way;
            fleet.webhooks.create(new NewWebhook(customer, "pager", url(), List.of(), Optional.empty()), ADMIN);

            assertThat(attempted().problem().orElseThrow().code()).isEqualTo("webhook.tls");
            assertThat(received).isEmpty();
        }
    }

    @Test
    void whatLeadsToAPrivateAddressIsToldNothingWhereThatIsntAllowed() {
        // It was allowed when the webhook was made.
        fleet.webhooks.create(new NewWebhook(customer, "pager", url(), List.of(), Optional.empty()), ADMIN);
        try (EgressTransport way = way(false, folder.resolve("trusted"))) {
            fleet.posts = way;
            assertThat(attempted().problem().orElseThrow().code()).isEqualTo("egress.refused");
            assertThat(received).isEmpty();
        }
    }

    @Test
    void whoIsntThereIsTriedAgain() {
        try (EgressTransport way = way(true, folder.resolve("trusted"))) {
            fleet.posts = way;
            fleet.webhooks.create(new NewWebhook(customer, "pager", url(), List.of(), Optional.empty()), ADMIN);
            server.stop(0);

            assertThat(attempted().problem().orElseThrow().code()).isEqualTo("webhook.unreachable");
        }
    }
}
