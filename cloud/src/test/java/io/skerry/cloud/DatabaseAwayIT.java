package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.cloud.storage.CutWire;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.PinnedAuthority;
import io.skerry.content.tls.TlsContexts;
import io.skerry.spec.desired.Position;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control plane whose PostgreSQL server is away for a while. */
@Tag(TestDatabase.POSTGRESQL)
class DatabaseAwayIT {
    private final CutWire wire = TestDatabase.wire();
    private final TestCloud test;
    private final HttpClient client;

    DatabaseAwayIT(@TempDir Path root) throws IOException {
        Path data = root.resolve("data");
        test = new TestCloud(CloudSettings.local(data).on(TestDatabase.through(wire, data)));
        client = HttpClient.newBuilder()
                .sslContext(TlsContexts.trusting(
                        PinnedAuthority.of(Pem.certificates(Files.readString(test.cloud.authorityFile()))
                                .getFirst())))
                .build();
    }

    @AfterEach
    void close() throws IOException {
        client.shutdownNow();
        test.close();
        wire.close();
    }

    @Test
    void saysSoAndKeepsWhatNeedsNoDatabaseGoingAndGoesOnByItself() throws Exception {
        TestDevice device = test.device("alpha");
        Position known = TestDevice.position(device.get());
        var waiting = device.waiting(known, 50);

        wire.away(true);
        HttpResponse<byte[]> ready = send(operators("/readyz").build());
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(TestCloud.problem(ready).code()).isEqualTo("storage.unavailable");
        assertThat(send(operators("/healthz").build()).statusCode()).isEqualTo(200);
        HttpResponse<byte[]> fleet = send(operators("/graphql")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"{ Authz_customers { name } }\"}"))
                .build());
        assertThat(new String(fleet.body(), StandardCharsets.UTF_8)).contains("\"storage.unavailable\"");
        assertThat(device.report(TestDevice.status(TestDevice.CAPABILITIES)).statusCode())
                .isEqualTo(503);
        assertThat(device.send(device.poll(Optional.of(known), 0)).statusCode()).isEqualTo(304);
        assertThat(waiting).isNotDone();

        wire.away(false);
        await().until(() -> send(operators("/readyz").build()).statusCode() == 200);
        await().until(() ->
                device.report(TestDevice.status(TestDevice.CAPABILITIES)).statusCode() == 204);
        test.version("web");
        test.instance("i1", "web", device.nodeId());
        HttpResponse<byte[]> told = waiting.get(30, TimeUnit.SECONDS);
        assertThat(told.statusCode()).isEqualTo(200);
        assertThat(TestDevice.position(told)).isGreaterThan(known);
    }

    private HttpRequest.Builder operators(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + test.cloud.operatorsPort() + path))
                .header("authorization", "apikey " + test.key());
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
}
