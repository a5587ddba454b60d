package io.skerry.content.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With openssl as the judge of our requests and the maker of certificates. */
class TlsIT {
    @TempDir
    private Path temp;

    private final KeyPair key = TlsKeys.generate();

    @BeforeEach
    void authority() throws Exception {
        for (String ca : List.of("ca", "other")) {
            run(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                    "-nodes",
                    "-days",
                    "2",
                    "-subj",
                    "/CN=" + ca,
                    "-keyout",
                    ca + ".key",
                    "-out",
                    ca + ".pem");
        }
    }

    @Test
    void opensslAcceptsOurRequests() throws Exception {
        for (String name : List.of("node-1", "n".repeat(64), "Größe/ü,=+")) {
            Files.writeString(
                    temp.resolve("req.pem"), CertificateSigningRequest.create(key.getPrivate(), key.getPublic(), name));
            String text = run(
                    "openssl", "req", "-in", "req.pem", "-noout", "-verify", "-text", "-nameopt", "utf8,sep_multiline");
            assertThat(text)
                    .contains("CN=" + name)
                    .contains("ecdsa-with-SHA256")
                    .contains("prime256v1");
        }
        X509Certificate certificate = issued("ca", "node-1", key);
        assertThat(certificate.getPublicKey()).isEqualTo(key.getPublic());
    }

    @Test
    void pemComesBackAsItWent() throws Exception {
        X509Certificate one = issued("ca", "one", key);
        List<X509Certificate> chain = List.of(one, authorityOf("ca"));

        assertThat(Pem.certificates("text before\n" + Pem.write(chain))).isEqualTo(chain);
        assertThat(Pem.privateKey(Pem.write(key.getPrivate()), "EC")).isEqualTo(key.getPrivate());
        Files.writeString(temp.resolve("ours.key"), Pem.write(key.getPrivate()));
        run("openssl", "pkey", "-in", "ours.key", "-noout");
        for (String wrong : List.of(
                "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----")) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> Pem.certificates(wrong))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("pem.malformed"));
        }
    }

    @Test
    void trustsTheAuthorityOfTheFingerprintOnly() throws Exception {
        X509Certificate ca = authorityOf("ca");
        TlsIdentity server = new TlsIdentity(key.getPrivate(), List.of(issued("ca", "server", key), ca));
        ReloadableKeyManager keys = new ReloadableKeyManager(server);
        try (Server running = new Server(keys)) {
            assertThat(running.get(
                            "localhost",
                            TlsContexts.trusting(PinnedAuthority.byFingerprint(PinnedAuthority.fingerprint(ca)))))
                    .isEqualTo("CN=server");
            assertThat(running.get("localhost", TlsContexts.trusting(PinnedAuthority.of(ca))))
                    .isEqualTo("CN=server");
            running.refuses(
                    "localhost", PinnedAuthority.byFingerprint(PinnedAuthority.fingerprint(authorityOf("other"))));
            running.refuses("localhost", PinnedAuthority.of(authorityOf("other")));
            // The right authority, but another host's certificate.
            running.refuses("127.0.0.1", PinnedAuthority.byFingerprint(PinnedAuthority.fingerprint(ca)));
            running.refuses("127.0.0.1", PinnedAuthority.of(ca));
            // The fingerprint of a certificate that is no authority's.
            running.refuses(
                    "localhost",
                    PinnedAuthority.byFingerprint(
                            PinnedAuthority.fingerprint(server.chain().getFirst())));
            // An authority that is sent along but signed nothing.
            keys.replace(new TlsIdentity(key.getPrivate(), List.of(issued("other", "server", key), ca)));
            running.refuses("localhost", PinnedAuthority.byFingerprint(PinnedAuthority.fingerprint(ca)));
        }
    }

    @Test
    void showsTheNewCertificateAfterAReplacement() throws Exception {
        X509Certificate ca = authorityOf("ca");
        ReloadableKeyManager keys =
                new ReloadableKeyManager(new TlsIdentity(key.getPrivate(), List.of(issued("ca", "old", key), ca)));
        try (Server running = new Server(keys)) {
            assertThat(running.get("localhost", TlsContexts.trusting(PinnedAuthority.of(ca))))
                    .isEqualTo("CN=old");
            KeyPair newKey = TlsKeys.generate();
            keys.replace(new TlsIdentity(newKey.getPrivate(), List.of(issued("ca", "new", newKey), ca)));

            assertThat(running.get("localhost", TlsContexts.trusting(PinnedAuthority.of(ca))))
                    .isEqualTo("CN=new");
            assertThat(keys.identity().toString()).isEqualTo("TlsIdentity[CN=new]");
        }
    }

    private X509Certificate issued(String ca, String name, KeyPair pair) throws Exception {
        Files.writeString(
                temp.resolve("req.pem"), CertificateSigningRequest.create(pair.getPrivate(), pair.getPublic(), name));
        Files.writeString(temp.resolve("ext"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n");
        run(
                "openssl",
                "x509",
                "-req",
                "-in",
                "req.pem",
                "-CA",
                ca + ".pem",
                "-CAkey",
                ca + ".key",
                "-days",
                "1",
                "-extfile",
                "ext",
                "-out",
                "out.pem");
        return Pem.certificates(Files.readString(temp.resolve("out.pem"))).getFirst();
    }

    private X509Certificate authorityOf(String ca) throws IOException {
        return Pem.certificates(Files.readString(temp.resolve(ca + ".pem"))).getFirst();
    }

    private String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    /** Answers with nothing; who it is shows in the handshake. */
    private static final class Server implements AutoCloseable {
        private final HttpsServer server;

        private Server(ReloadableKeyManager keys) throws Exception {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new javax.net.ssl.KeyManager[] {keys}, null, null);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            server.createContext("/", exchange -> {
                try (exchange) {
                    exchange.sendResponseHeaders(204, -1);
                }
            });
            server.start();
        }

        private String get(String host, SSLContext context) throws Exception {
            try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
                return client.send(
                                HttpRequest.newBuilder(URI.create("https://" + host + ":"
                                                + server.getAddress().getPort() + "/"))
                                        .build(),
                                BodyHandlers.discarding())
                        .sslSession()
                        .orElseThrow()
                        .getPeerPrincipal()
                        .getName();
            }
        }

        private void refuses(String host, javax.net.ssl.X509TrustManager trust) {
            assertThatExceptionOfType(SSLHandshakeException.class)
                    .isThrownBy(() -> get(host, TlsContexts.trusting(trust)));
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
