package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.remote.LogStreams;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.Role;
import io.skerry.cloud.web.Listener;
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
import java.io.DataInputStream;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class OperatorDoorIT {
    private final Path data;
    private final TestCloud test;
    private final HttpClient client;

    OperatorDoorIT(@TempDir Path root) throws Exception {
        data = root.resolve("data");
        test = new TestCloud(data);
        client = HttpClient.newBuilder()
                .sslContext(TlsContexts.trusting(
                        PinnedAuthority.of(Pem.certificates(Files.readString(test.cloud.authorityFile()))
                                .getFirst())))
                .build();
    }

    @AfterEach
    void close() {
        client.shutdownNow();
        test.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + test.cloud.operatorsPort() + path))
                .header("authorization", "apikey " + test.key());
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void servesOverHttp2AndTellsHowItIs() throws Exception {
        HttpRequest bare = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + test.cloud.operatorsPort() + "/healthz"))
                .build();
        HttpResponse<byte[]> health = send(bare);
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(health.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(health.headers().firstValue("server")).isEmpty();
        assertThat(send(request("/readyz").build()).statusCode()).isEqualTo(200);

        test.device("alpha").get();
        String metrics = new String(send(request("/metrics").build()).body(), StandardCharsets.UTF_8);
        assertThat(metrics).contains("skerry_polls_changed_total 1.0", "skerry_nodes 1.0");
    }

    /** Browsers that were told of them would open none by HTTP/1.1, where they are answered. */
    @Test
    void tellsOfNoWebSocketsWithinHttp2() throws Exception {
        try (var socket = (SSLSocket)
                client.sslContext().getSocketFactory().createSocket("localhost", test.cloud.operatorsPort())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] emptySettings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
            socket.getOutputStream().write(emptySettings);
            socket.getOutputStream().flush();
            var in = new DataInputStream(socket.getInputStream());
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            assertThat(in.readUnsignedByte()).as("a frame of settings").isEqualTo(4);
            in.skipNBytes(5);
            Map<Integer, Integer> settings = new HashMap<>();
            for (int i = 0; i < length / 6; i++) {
                settings.put(in.readUnsignedShort(), in.readInt());
            }
            assertThat(settings).containsEntry(3, 64);
            assertThat(settings.getOrDefault(8, 0))
                    .as("enable connect protocol")
                    .isZero();
        }
    }

    @Test
    void theExplorersPageIsWholeWithoutAKey() throws Exception {
        for (String part : List.of("/graphql", "/graphql/explorer.css", "/graphql/explorer.js")) {
            HttpResponse<byte[]> answer =
                    send(HttpRequest.newBuilder(URI.create("https://localhost:" + test.cloud.operatorsPort() + part))
                            .header("accept", "text/html,text/css,*/*;q=0.1")
                            .build());
            assertThat(answer.statusCode()).as(part).isEqualTo(200);
            assertThat(answer.headers().allValues("content-security-policy"))
                    .as(part)
                    .hasSize(1);
            assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
        }
    }

    @Test
    void aCallWithoutOrWithAWrongKeyIsRefused() throws Exception {
        URI metrics = URI.create("https://localhost:" + test.cloud.operatorsPort() + "/metrics");
        HttpResponse<byte[]> bare = send(HttpRequest.newBuilder(metrics).build());
        HttpResponse<byte[]> wrong = send(HttpRequest.newBuilder(metrics)
                .header("authorization", "apikey skk_" + "x".repeat(43))
                .build());
        assertThat(bare.statusCode()).isEqualTo(401);
        assertThat(TestCloud.problem(bare).code()).isEqualTo("api-key.missing");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(TestCloud.problem(wrong).code()).isEqualTo("api-key.refused");
    }

    @Test
    void answersGraphQl() throws Exception {
        HttpResponse<byte[]> answer = send(request("/graphql")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"{ Authz_customers { name } }\"}"))
                .build());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"default\"");
    }

    @Test
    void aPortInUseIsNamedWithItsOption(@TempDir Path other) throws Exception {
        try (var taken = new ServerSocket(0, 1, java.net.InetAddress.ofLiteral("127.0.0.1"))) {
            CloudSettings local = CloudSettings.local(other.resolve("data"));
            var settings = new CloudSettings(
                    local.data(),
                    local.database(),
                    local.shared(),
                    local.content(),
                    local.replicaAddress(),
                    new Listener(List.of("127.0.0.1"), taken.getLocalPort(), "--port"),
                    local.devices(),
                    local.hosts(),
                    false,
                    local.plainHttpRegistries(),
                    local.people(),
                    Optional.of(other.resolve("key")),
                    local.limits(),
                    local.pollWait(),
                    local.certificateLife(),
                    local.renewable());
            assertThatThrownBy(() -> new TestCloud(settings)).isInstanceOfSatisfying(ProblemException.class, e -> {
                assertThat(e.code()).isEqualTo("port.in-use");
                assertThat(e.problem().sentence()).contains(String.valueOf(taken.getLocalPort()), "--port");
            });
            assertThat(Files.readString(other.resolve("key"))).startsWith("skk_");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other.resolve("key"))))
                    .isEqualTo("rw-------");
            new TestCloud(CloudSettings.local(local.data())).close();
        }
    }

    @Test
    void aSecondControlPlaneOnTheFolderIsRefused() {
        assertThatThrownBy(() -> new TestCloud(CloudSettings.local(data)))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("data.in-use"));
    }

    @Test
    void keysAreForTheirOwnerAlone() throws Exception {
        test.device("alpha");
        try (var files = Files.walk(data.resolve("keys"))) {
            assertThat(files.filter(Files::isRegularFile).toList())
                    .hasSizeGreaterThanOrEqualTo(4)
                    .allSatisfy(f -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void aLogComesFromTheDeviceToTheOperatorAndTheSessionEndsWithIt() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", device.nodeId());
        Position known = TestDevice.position(device.get());

        CompletableFuture<HttpResponse<java.io.InputStream>> log = client.sendAsync(
                request(LogStreams.PATH + "i1?follow=true&tail=5").build(), HttpResponse.BodyHandlers.ofInputStream());
        HttpResponse<byte[]> asked = device.waiting(known, 20).get(10, TimeUnit.SECONDS);
        Session.Stream stream = state(asked).session().streams().getFirst();
        assertThat(stream.container()).isEqualTo("i1");
        assertThat(stream.follow()).isTrue();
        assertThat(stream.tailLines()).isEqualTo(5);
        WebSocket socket = bring(device, stream.id());
        socket.sendBinary(bytes("hello\n"), true).get(5, TimeUnit.SECONDS);

        HttpResponse<java.io.InputStream> answer = log.get(10, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("hello");
            for (int i = 0; i < 200; i++) {
                socket.sendBinary(bytes("x".repeat(8000) + i + "\n"), true).get(5, TimeUnit.SECONDS);
                assertThat(lines.readLine()).endsWith("x" + i);
            }
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(5, TimeUnit.SECONDS);
            assertThat(lines.readLine()).isNull();
        }
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(state(device.get()).session().streams()).isEmpty());
        assertThat(state(device.get()).workload().containers()).containsKey("i1");
    }

    @Test
    void aStreamEndsAtTheDeviceWhenTheOperatorGoes() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", device.nodeId());
        Position known = TestDevice.position(device.get());
        CompletableFuture<HttpResponse<java.io.InputStream>> log = client.sendAsync(
                request(LogStreams.PATH + "i1?follow=true").build(), HttpResponse.BodyHandlers.ofInputStream());
        String id = state(device.waiting(known, 20).get(10, TimeUnit.SECONDS))
                .session()
                .streams()
                .getFirst()
                .id();
        bring(device, id).sendBinary(bytes("hello\n"), true).get(5, TimeUnit.SECONDS);

        log.get(10, TimeUnit.SECONDS).body().close();

        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(state(device.get()).session().streams()).isEmpty());
    }

    @Test
    void aSilentStreamEndsWhenAnOperatorHangsUpOverHttp1() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", device.nodeId());
        Position known = TestDevice.position(device.get());
        CompletableFuture<HttpResponse<java.io.InputStream>> log = client.sendAsync(
                request(LogStreams.PATH + "i1?follow=true")
                        .version(HttpClient.Version.HTTP_1_1)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        String id = state(device.waiting(known, 20).get(10, TimeUnit.SECONDS))
                .session()
                .streams()
                .getFirst()
                .id();
        bring(device, id);
        HttpResponse<java.io.InputStream> answer = log.get(10, TimeUnit.SECONDS);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);

        answer.body().close();

        Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(state(device.get()).session().streams()).isEmpty());
    }

    @Test
    void aStreamEndsWhenItsKeyIsRevokedAndOthersGoOn() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", device.nodeId());
        var keys = test.cloud.parts().apiKeys();
        var key = test.key(test.customer(), Role.OPERATOR);
        var revoked = follow(device, key.secret());
        var kept = follow(device, test.key());

        keys.revoke(key.apiKeyId(), Actor.CONTROL_PLANE);

        assertThatThrownBy(() -> revoked.body().readAllBytes()).isInstanceOf(java.io.IOException.class);
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(state(device.get()).session().streams()).hasSize(1));
        kept.body().close();
    }

    @Test
    void logsAreForOperatorsAndAKeyOfOneDeviceReadsNoOthers() throws Exception {
        TestDevice device = test.device("alpha");
        TestDevice other = test.device("beta");
        test.version("web");
        test.instance("i1", "web", device.nodeId());

        assertThat(status("i1", test.key(test.customer(), Role.DEPLOYER).secret()))
                .isEqualTo(403);
        assertThat(status("i1", test.keyOf(other.nodeId()).secret())).isEqualTo(404);
        follow(device, test.keyOf(device.nodeId()).secret()).body().close();
    }

    private int status(String instance, String key) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(
                                "https://localhost:" + test.cloud.operatorsPort() + LogStreams.PATH + instance))
                        .header("authorization", "Bearer " + key)
                        .build())
                .statusCode();
    }

    @Test
    void aStreamEndsWhenItsNodeIsRemoved() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", device.nodeId());
        var log = follow(device, test.key());

        test.removeNode(device.nodeId());

        assertThatThrownBy(() -> log.body().readAllBytes()).isInstanceOf(java.io.IOException.class);
    }

    /** A stream that has begun. */
    private HttpResponse<java.io.InputStream> follow(TestDevice device, String key) throws Exception {
        Position known = TestDevice.position(device.get());
        CompletableFuture<HttpResponse<java.io.InputStream>> log = client.sendAsync(
                HttpRequest.newBuilder(URI.create(
                                "https://localhost:" + test.cloud.operatorsPort() + LogStreams.PATH + "i1?follow=true"))
                        .header("authorization", "apikey " + key)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        String id = state(device.waiting(known, 20).get(10, TimeUnit.SECONDS))
                .session()
                .streams()
                .getLast()
                .id();
        bring(device, id);
        return log.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aStreamIsAskedForNoMoreAfterARestart() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", device.nodeId());
        Position known = TestDevice.position(device.get());
        var log = client.sendAsync(
                request(LogStreams.PATH + "i1?follow=true").build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(state(device.waiting(known, 20).get(10, TimeUnit.SECONDS))
                        .session()
                        .streams())
                .hasSize(1);

        test.restart();

        assertThat(log).failsWithin(java.time.Duration.ofSeconds(10));
        assertThat(state(device.at(test.cloud).get()).session().streams()).isEmpty();
    }

    @Test
    void logsOfAnOfflineNodeOrOfNoInstanceAreRefused() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", device.nodeId());
        test.restart();

        HttpResponse<byte[]> offline = send(request(LogStreams.PATH + "i1").build());
        assertThat(offline.statusCode()).isEqualTo(503);
        assertThat(TestCloud.problem(offline).code()).isEqualTo("node.offline");
        HttpResponse<byte[]> unknown = send(request(LogStreams.PATH + "i2").build());
        assertThat(unknown.statusCode()).isEqualTo(404);
        String foreign = test.key(
                        test.cloud
                                .parts()
                                .customers()
                                .create("other", Actor.CONTROL_PLANE)
                                .customerId(),
                        Role.ADMIN)
                .secret();
        HttpResponse<byte[]> notTheirs = send(HttpRequest.newBuilder(
                        URI.create("https://localhost:" + test.cloud.operatorsPort() + LogStreams.PATH + "i1"))
                .header("authorization", "Bearer " + foreign)
                .build());
        assertThat(notTheirs.statusCode()).isEqualTo(404);
        assertThat(new String(notTheirs.body(), StandardCharsets.UTF_8).replace("i1", "i2"))
                .isEqualTo(new String(unknown.body(), StandardCharsets.UTF_8));
    }

    private static WebSocket bring(TestDevice device, String id) throws Exception {
        return device.client
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create(device.request(Paths.STREAMS + id)
                                .build()
                                .uri()
                                .toString()
                                .replace("https:", "wss:")),
                        new WebSocket.Listener() {})
                .get(10, TimeUnit.SECONDS);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static DesiredState state(HttpResponse<byte[]> answer) {
        var signed = Messages.SIGNED_DESIRED_STATE.fromJson(answer.body());
        return Documents.DESIRED_STATE.fromJson(
                Base64.getDecoder().decode(signed.document().payload()));
    }
}
