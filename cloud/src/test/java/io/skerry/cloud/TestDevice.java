package io.skerry.cloud;

import io.skerry.cloud.node.DeviceStatuses;
import io.skerry.content.tls.CertificateSigningRequest;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.PinnedAuthority;
import io.skerry.content.tls.ReloadableKeyManager;
import io.skerry.content.tls.TlsContexts;
import io.skerry.content.tls.TlsIdentity;
import io.skerry.content.tls.TlsKeys;
import io.skerry.spec.Architecture;
import io.skerry.spec.desired.Position;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.wire.CertificateRequest;
import io.skerry.spec.wire.ClaimToken;
import io.skerry.spec.wire.EnrolRequest;
import io.skerry.spec.wire.EnrolResponse;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.Paths;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/** A device as the cloud sees it over TLS; what it is asked to run it doesn't. */
final class TestDevice {
    static final Capabilities CAPABILITIES = new Capabilities(
            1,
            Architecture.AMD64,
            List.of("runc"),
            List.of("disabled"),
            List.of("volumes", "health-exec", "health-http", "health-tcp", "logs"),
            1);

    final KeyPair keys;
    final EnrolResponse enrolled;
    final HttpClient client;
    final SSLContext context;
    private final String base;

    private TestDevice(KeyPair keys, EnrolResponse enrolled, SSLContext context, String base) {
        this.keys = keys;
        this.enrolled = enrolled;
        this.context = context;
        this.base = base;
        this.client = client(context);
    }

    static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .sslContext(context)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    static TestDevice enrol(Cloud cloud, String token, String name) throws Exception {
        KeyPair keys = TlsKeys.generate();
        HttpResponse<byte[]> answer = enrol(cloud, ClaimToken.parse(token), keys, name);
        if (answer.statusCode() != 200) {
            throw new AssertionError(new String(answer.body(), StandardCharsets.UTF_8));
        }
        return enrolled(cloud, keys, Messages.ENROL_RESPONSE.fromJson(answer.body()));
    }

    static TestDevice enrolled(Cloud cloud, KeyPair keys, EnrolResponse response) {
        var identity = new TlsIdentity(keys.getPrivate(), Pem.certificates(response.certificate()));
        return as(cloud, keys, response, identity);
    }

    static TestDevice as(Cloud cloud, KeyPair keys, EnrolResponse response, TlsIdentity identity) {
        SSLContext context = TlsContexts.mutual(
                new ReloadableKeyManager(identity),
                PinnedAuthority.of(Pem.certificates(response.authority()).getFirst()));
        return new TestDevice(keys, response, context, base(cloud));
    }

    static HttpResponse<byte[]> enrol(Cloud cloud, ClaimToken token, KeyPair keys, String name) throws Exception {
        String csr = CertificateSigningRequest.create(keys.getPrivate(), keys.getPublic(), name);
        var body = new EnrolRequest(token.secret(), csr, name, CAPABILITIES);
        return client(TlsContexts.trusting(PinnedAuthority.byFingerprint(token.authorityFingerprint())))
                .send(
                        HttpRequest.newBuilder(URI.create(base(cloud) + Paths.ENROL))
                                .POST(HttpRequest.BodyPublishers.ofByteArray(Messages.ENROL_REQUEST.toJsonBytes(body)))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    static String base(Cloud cloud) {
        return "https://localhost:" + cloud.devicesPort();
    }

    /** The same device after the cloud came back at another port. */
    TestDevice at(Cloud cloud) {
        return new TestDevice(keys, enrolled, context, base(cloud));
    }

    /** The same device, which reaches the cloud by way of another port. */
    TestDevice atPort(int port) {
        return new TestDevice(keys, enrolled, context, "https://localhost:" + port);
    }

    String nodeId() {
        return enrolled.node();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
    }

    HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpRequest poll(Optional<Position> known, int wait) {
        HttpRequest.Builder request = request(Paths.DESIRED_STATE).header("Prefer", "wait=" + wait);
        known.ifPresent(p -> request.header("If-None-Match", p.entityTag()));
        return request.build();
    }

    HttpResponse<byte[]> get() throws Exception {
        return send(poll(Optional.empty(), 0));
    }

    CompletableFuture<HttpResponse<byte[]>> waiting(Position known, int wait) {
        return client.sendAsync(poll(Optional.of(known), wait), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> renew() throws Exception {
        String csr = CertificateSigningRequest.create(keys.getPrivate(), keys.getPublic(), nodeId());
        return send(request(Paths.CERTIFICATE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Messages.CERTIFICATE_REQUEST.toJsonBytes(new CertificateRequest(csr))))
                .build());
    }

    HttpResponse<byte[]> report(DeviceStatus status) throws Exception {
        return send(request(Paths.STATUS)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(DeviceStatus.JSON.toJsonBytes(status)))
                .build());
    }

    static DeviceStatus status(Capabilities capabilities) {
        return DeviceStatuses.idle(capabilities);
    }

    static Position position(HttpResponse<?> answer) {
        String tag = answer.headers().firstValue("ETag").orElseThrow().replace("\"", "");
        int dot = tag.indexOf('.');
        return new Position(Long.parseLong(tag.substring(0, dot)), Long.parseLong(tag.substring(dot + 1)));
    }
}
