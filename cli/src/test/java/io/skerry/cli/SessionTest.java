package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
    @TempDir
    private static Path shared;

    @TempDir
    private Path settings;

    private static SSLContext identity;
    private static Path authority;
    private static String fingerprint;

    @BeforeAll
    static void makeIdentity() throws Exception {
        Path store = shared.resolve("cloud.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-validity",
                        "2",
                        "-alias",
                        "cloud",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        identity = SSLContext.getInstance("TLS");
        identity.init(factory.getKeyManagers(), null, null);
        Certificate certificate = keys.getCertificate("cloud");
        authority = shared.resolve("ca.pem");
        Files.writeString(
                authority,
                "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\nFor the harbour:\n"
                        + "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        fingerprint =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    private static FakeCloud secureCloud() throws IOException {
        return FakeCloud.secure(identity)
                .answering("Authz_get_customers", Sample.harbour())
                .answering("DM_get_nodes", Sample.page("nodes", null));
    }

    @Test
    void aLoginByAuthorityIsKeptForItsOwnerOnlyAndUsed() throws IOException {
        try (FakeCloud cloud = secureCloud()) {
            Operator operator = new Operator(settings).piping(FakeCloud.KEY + "\n");
            Operator.Result login = operator.runs(
                    "login", cloud.url() + "/graphql", "--ca-file", authority.toString(), "--key-file", "-");
            assertThat(login.err()).isEmpty();
            assertThat(login.out())
                    .isEqualTo("Logged in to " + cloud.url() + " (profile default); customer harbour.\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(settings.resolve("profiles.json"))))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(settings.resolve("profiles.json"))).doesNotContain("PRIVATE KEY");
            Operator.Result list = new Operator(settings).runs("node", "ls");
            assertThat(list.err()).isEmpty();
            assertThat(list.code()).isZero();
        }
    }

    @Test
    void aLoginByFingerprintPinsThatCertificate() throws IOException {
        try (FakeCloud cloud = secureCloud()) {
            String colons = String.join(
                    ":", fingerprint.toUpperCase(java.util.Locale.ROOT).split("(?<=\\G..)"));
            Operator operator = new Operator(settings).typing(FakeCloud.KEY);
            assertThat(operator.runs("login", cloud.url(), "--fingerprint", colons)
                            .err())
                    .isEmpty();
            assertThat(new Operator(settings).runs("node", "ls").code()).isZero();
        }
    }

    @Test
    void anotherFingerprintIsRefusedBeforeTheKeyIsSent() throws IOException {
        try (FakeCloud cloud = secureCloud()) {
            Operator.Result result = new Operator(settings)
                    .typing(FakeCloud.KEY)
                    .runs("login", cloud.url(), "--fingerprint", "00".repeat(32));
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err())
                    .contains("presents no certificate with this fingerprint")
                    .contains(fingerprint);
            assertThat(cloud.asked("Authz_get_customers")).isEmpty();
        }
    }

    @Test
    void anUnknownAuthoritySaysHowToTrustIt() throws IOException {
        try (FakeCloud cloud = secureCloud()) {
            Operator.Result result =
                    new Operator(settings).typing(FakeCloud.KEY).runs("login", cloud.url());
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err())
                    .contains("an authority that isn't trusted here")
                    .contains("--ca-file");
            assertThat(settings.resolve("profiles.json")).doesNotExist();
        }
    }

    @Test
    void aCertificateForAnotherHostSaysSo() throws IOException {
        try (FakeCloud cloud = secureCloud()) {
            Operator.Result result = new Operator(settings)
                    .typing(FakeCloud.KEY)
                    .runs("login", cloud.url().replace("localhost", "127.0.0.1"), "--ca-file", authority.toString());
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("is not for this host name").contains("--host 127.0.0.1");
        }
    }

    @Test
    void aFileWithoutACertificateIsRefused() throws IOException {
        Path empty = settings.resolve("empty.pem");
        Files.writeString(empty, "nothing");
        Operator.Result result =
                new Operator(settings).typing("k").runs("login", "https://localhost:1", "--ca-file", empty.toString());
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("no certificate in PEM form");
    }

    @Test
    void aWrongKeyIsRefusedAndNotKept() throws IOException {
        try (FakeCloud cloud = FakeCloud.plain()) {
            Operator.Result result =
                    new Operator(settings).typing("skk_wrong-secret").runs("login", cloud.url());
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("doesn't accept the API key").doesNotContain("wrong-secret");
            assertThat(settings.resolve("profiles.json")).doesNotExist();
        }
    }

    @Test
    void aWebPageIsNotTakenForACloud() throws IOException {
        try (FakeCloud cloud = FakeCloud.plain().answeringWithPage("<html>Welcome to nginx</html>")) {
            Operator.Result result = Operator.of(cloud, settings).runs("node", "ls");
            assertThat(result.code()).isEqualTo(3);
            assertThat(result.err()).contains("something other than JSON, as no Skerry cloud does.");
        }
    }

    @Test
    void aClosedPortAndAnUnknownHostAreSaid() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        Operator operator = new Operator(settings).typing("k");
        Operator.Result refused = operator.runs("login", "http://localhost:" + closed);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).startsWith("skerry: Nothing answers at http://localhost:" + closed + ".");
        Operator.Result unknown = operator.runs("login", "https://no-such-host.invalid");
        assertThat(unknown.code()).isEqualTo(3);
        assertThat(unknown.err()).startsWith("skerry: No host is called 'no-such-host.invalid'.");
    }

    @Test
    void anAddressThatWouldSendTheKeyInTheClearIsRefused() {
        Operator.Result result = new Operator(settings).typing("k").runs("login", "http://cloud.example");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("unencrypted");
    }

    @Test
    void profilesStandSideBySideAndLogoutForgetsOne() throws IOException {
        try (FakeCloud first = FakeCloud.plain().answering("Authz_get_customers", Sample.harbour());
                FakeCloud second = FakeCloud.plain()
                        .answering(
                                "Authz_get_customers",
                                Sample.page("customers", null, Sample.customer("c-2", "lighthouse")))) {
            Operator operator = new Operator(settings).typing(FakeCloud.KEY);
            operator.runs("login", first.url(), "--profile", "one");
            operator.runs("login", second.url(), "--profile", "two", "--customer", "lighthouse");
            assertThat(operator.runs("customer", "ls").out()).contains("lighthouse");
            assertThat(operator.runs("customer", "ls", "--profile", "one").out())
                    .contains("harbour");
            assertThat(operator.runs("logout").out()).isEqualTo("Logged out (profile two).\n");
            Operator.Result none = operator.runs("customer", "ls");
            assertThat(none.code()).isEqualTo(3);
            assertThat(none.err()).contains("You are not logged in");
            assertThat(operator.runs("customer", "ls", "--profile", "one").code())
                    .isZero();
        }
    }

    @Test
    void aBrokenProfileFileIsNamed() throws IOException {
        Files.writeString(settings.resolve("profiles.json"), "{\"current\": ");
        Operator.Result result = new Operator(settings).runs("node", "ls");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("profiles.json").doesNotContain("\tat ");
    }
}
