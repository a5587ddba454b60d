package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.skerry.cloud.remote.LogStreams;
import io.skerry.cloud.remote.StreamHop;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.Role;
import io.skerry.content.signing.TrustedKeys;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.PinnedAuthority;
import io.skerry.content.tls.TlsContexts;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.Session;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.Paths;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes on one database. */
@Tag(TestDatabase.POSTGRESQL)
class ReplicasIT {
    private final Path root;
    private final PostgresAddress database;
    private final TestCloud a;
    private final TestCloud b;
    private final HttpClient operator;

    ReplicasIT(@TempDir Path root) throws Exception {
        this.root = root;
        database = TestDatabase.of(root).orElseThrow();
        a = new TestCloud(settings("a"));
        b = new TestCloud(settings("b"));
        operator = TestDevice.client(TlsContexts.trusting(PinnedAuthority.of(
                Pem.certificates(Files.readString(a.cloud.authorityFile())).getFirst())));
    }

    private CloudSettings settings(String name) {
        return CloudSettings.local(root.resolve(name)).on(database).sharing(root.resolve("shared"));
    }

    @AfterEach
    void close() {
        operator.close();
        b.close();
        a.close();
    }

    @Test
    void aDeviceThatWaitsAtOneIsWokenByWhatTheOtherDoes() throws Exception {
        TestDevice device = a.device("alpha");
        Position known = TestDevice.position(device.get());
        CompletableFuture<HttpResponse<byte[]>> waiting = device.waiting(known, 50);

        b.version("web");
        b.instance("i1", "web", device.nodeId());

        HttpResponse<byte[]> answer = waiting.get(20, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(state(answer).workload().containers()).containsKey("i1");
    }

    @Test
    void aDeviceThatEnrolledAtOneIsKnownToTheOtherAndSeenToBeOnline() throws Exception {
        TestDevice device = a.device("alpha");

        await().untilAsserted(
                        () -> assertThat(device.at(b.cloud).get().statusCode()).isEqualTo(200));
        Position known = TestDevice.position(device.get());
        var _ = device.at(b.cloud).waiting(known, 50);

        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> a.cloud.parts().nodes().online(device.nodeId())
                        && b.cloud.parts().nodes().online(device.nodeId()));
    }

    @Test
    void aNodeThatOneRemovesIsTurnedAwayByTheOther() throws Exception {
        TestDevice device = a.device("alpha");
        await().untilAsserted(
                        () -> assertThat(device.at(b.cloud).get().statusCode()).isEqualTo(200));
        CompletableFuture<HttpResponse<byte[]>> waiting =
                device.at(b.cloud).waiting(TestDevice.position(device.get()), 50);

        a.removeNode(device.nodeId());

        assertThat(waiting.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(403);
        assertThat(device.at(b.cloud).get().statusCode()).isEqualTo(403);
    }

    @Test
    void anApiKeyThatOneMakesAndRevokesIsGoodAndRefusedAtTheOther() throws Exception {
        var key = a.key(a.customer(), Role.VIEWER);
        await().until(() -> ask(b, key.secret()).statusCode() == 200);

        a.cloud.parts().apiKeys().revoke(key.apiKeyId(), Actor.CONTROL_PLANE);

        await().until(() -> ask(b, key.secret()).statusCode() == 401);
    }

    private HttpResponse<byte[]> ask(TestCloud cloud, String key) throws Exception {
        return operator.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + cloud.cloud.operatorsPort() + "/graphql"))
                        .header("authorization", "apikey " + key)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"{ __typename }\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void aLogOfADeviceThatComesToAnotherReplicaTakesOneHop() throws Exception {
        TestDevice device = a.device("alpha");
        a.version("web");
        a.instance("i1", "web", device.nodeId());
        TestDevice atB = device.at(b.cloud);
        await().until(() -> atB.get().statusCode() == 200);
        Position known = TestDevice.position(device.get());
        CompletableFuture<HttpResponse<byte[]>> waiting = atB.waiting(known, 50);
        await().atMost(30, TimeUnit.SECONDS).until(() -> a.cloud.parts().nodes().online(device.nodeId()));

        CompletableFuture<HttpResponse<java.io.InputStream>> log = operator.sendAsync(
                HttpRequest.newBuilder(URI.create(
                                "https://localhost:" + a.cloud.operatorsPort() + LogStreams.PATH + "i1?follow=true"))
                        .header("authorization", "apikey " + a.key())
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        Session.Stream asked =
                state(waiting.get(20, TimeUnit.SECONDS)).session().streams().getFirst();
        WebSocket socket = bring(atB, Paths.STREAMS + asked.id());
        socket.sendBinary(ByteBuffer.wrap("hello\n".getBytes(StandardCharsets.UTF_8)), true)
                .get(10, TimeUnit.SECONDS);

        try (var lines = new BufferedReader(
                new InputStreamReader(log.get(20, TimeUnit.SECONDS).body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("hello");
            for (int i = 0; i < 200; i++) {
                String line = "x".repeat(8000) + i;
                socket.sendBinary(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)), true)
                        .get(10, TimeUnit.SECONDS);
                assertThat(lines.readLine()).isEqualTo(line);
            }
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
            assertThat(lines.readLine()).isNull();
        }
    }

    @Test
    void aStreamThatNobodyWaitsForIsRefusedAtEachReplica() throws Exception {
        TestDevice device = a.device("alpha");

        assertThatThrownBy(() -> bring(device, Paths.STREAMS + "nowhere.secret"))
                .hasStackTraceContaining("WebSocketHandshakeException");
    }

    @Test
    void noDeviceCanBringAStreamAsAReplicaWould() throws Exception {
        TestDevice device = a.device("alpha");

        HttpResponse<byte[]> answer = device.send(device.request(StreamHop.PATH + "s1")
                .header("Skerry-Node", device.nodeId())
                .build());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(TestCloud.problem(answer).code()).isEqualTo("certificate.no-replica");
    }

    @Test
    void oneWithOtherKeysIsRefused() {
        CloudSettings other = CloudSettings.local(root.resolve("c")).on(database);

        assertThatThrownBy(() -> new TestCloud(other).close())
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("database.other-keys"));
    }

    @Test
    void bothSignWithACustomersOneKey() throws Exception {
        TestDevice device = a.device("alpha");
        b.version("web");
        b.instance("i1", "web", device.nodeId());

        HttpResponse<byte[]> answer = device.get();

        assertThat(state(answer).workload().containers()).containsKey("i1");
        TrustedKeys.pinned(device.enrolled.customer(), device.enrolled.root())
                .verify(Messages.SIGNED_DESIRED_STATE.fromJson(answer.body()));
    }

    private static WebSocket bring(TestDevice device, String path) throws Exception {
        return device.client
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create(device.request(path).build().uri().toString().replace("https:", "wss:")),
                        new WebSocket.Listener() {})
                .get(20, TimeUnit.SECONDS);
    }

    private static DesiredState state(HttpResponse<byte[]> answer) {
        var signed = Messages.SIGNED_DESIRED_STATE.fromJson(answer.body());
        return Documents.DESIRED_STATE.fromJson(
                Base64.getDecoder().decode(signed.document().payload()));
    }
}
