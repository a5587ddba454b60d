package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.PinnedAuthority;
import io.skerry.content.tls.TlsContexts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole control plane tells a real receiver what becomes of a device, also after it was started anew. */
@Tag(TestDatabase.TAG)
class WebhooksIT {
    private final TestCloud test;
    private final HttpServer receiver;
    private final List<String> received = new CopyOnWriteArrayList<>();
    private volatile int answer = 200;

    WebhooksIT(@TempDir Path root) throws Exception {
        test = new TestCloud(root.resolve("data"));
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(answer + " " + body.replaceFirst("(?s).*\"type\":\"([^\"]*)\".*", "$1"));
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void close() {
        test.close();
        receiver.stop(0);
    }

    private String asks(String query) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TlsContexts.trusting(
                        PinnedAuthority.of(Pem.certificates(Files.readString(test.cloud.authorityFile()))
                                .getFirst())))
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://localhost:" + test.cloud.operatorsPort() + "/graphql"))
                    .header("authorization", "apikey " + test.key())
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"" + query.replace("\"", "\\\"") + "\"}"))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void aDeviceThatJoinsIsToldToAReceiverThatWasAwayAtFirst() throws Exception {
        answer = 503;
        assertThat(asks("mutation { DM_create_webhook(customer_id: \"" + test.customer()
                        + "\", name: \"pager\", url: \"http://127.0.0.1:"
                        + receiver.getAddress().getPort() + "/\") }"))
                .contains("whsec_");

        TestDevice device = test.device("alpha");
        device.get();
        await().atMost(Duration.ofSeconds(30)).until(() -> received.contains("503 node.enrolled"));
        test.restart();
        answer = 200;
        test.later(Duration.ofSeconds(10));

        await().atMost(Duration.ofSeconds(60)).until(() -> received.contains("200 node.enrolled"));
        assertThat(asks("{ DM_get_events(customer_id: \"" + test.customer() + "\") { events { type } } }"))
                .contains("node.enrolled");
    }
}
