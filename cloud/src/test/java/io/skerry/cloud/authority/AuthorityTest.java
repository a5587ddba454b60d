package io.skerry.cloud.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.tls.Pem;
import io.skerry.content.tls.TlsKeys;
import io.skerry.spec.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Judged by openssl where it can judge. */
class AuthorityTest {
    private final Path folder;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final CertificateAuthority authority;

    AuthorityTest(@TempDir Path folder) {
        this.folder = folder;
        authority = open();
    }

    private CertificateAuthority open() {
        return CertificateAuthority.open(folder, now::get, new SecureRandom());
    }

    @Test
    void isTheSameAfterARestart() {
        assertThat(open().certificate()).isEqualTo(authority.certificate());
        assertThat(open().fingerprint()).isEqualTo(authority.fingerprint()).hasSize(64);
    }

    @Test
    void opensslTrustsItsCertificates() throws Exception {
        Files.writeString(folder.resolve("ca.pem"), Pem.write(List.of(authority.certificate())));
        X509Certificate device = authority.device("node-1", TlsKeys.generate().getPublic(), Duration.ofDays(365));
        Files.writeString(folder.resolve("device.pem"), Pem.write(List.of(device)));
        X509Certificate server = authority
                .server(List.of("localhost", "127.0.0.1", "::1", "cloud.example"), Duration.ofDays(90))
                .chain()
                .getFirst();
        Files.writeString(folder.resolve("server.pem"), Pem.write(List.of(server)));

        assertThat(openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", "ca.pem", "device.pem"))
                .contains("OK");
        assertThat(openssl(
                        "verify",
                        "-x509_strict",
                        "-purpose",
                        "sslserver",
                        "-verify_ip",
                        "127.0.0.1",
                        "-CAfile",
                        "ca.pem",
                        "server.pem"))
                .contains("OK");
        assertThat(openssl(
                        "verify",
                        "-purpose",
                        "sslserver",
                        "-verify_hostname",
                        "cloud.example",
                        "-CAfile",
                        "ca.pem",
                        "server.pem"))
                .contains("OK");
        assertThat(openssl("verify", "-purpose", "sslserver", "-CAfile", "ca.pem", "device.pem"))
                .contains("error 26");
    }

    @Test
    void readsOpensslsRequests() throws Exception {
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "key.pem");
        openssl("req", "-new", "-key", "key.pem", "-subj", "/CN=whatever", "-out", "good.csr");

        assertThat(SigningRequests.key(Files.readString(folder.resolve("good.csr")))
                        .getAlgorithm())
                .isEqualTo("EC");
    }

    @Test
    void refusesOtherKeys() throws Exception {
        openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "k", "-subj", "/CN=x", "-out", "rsa.csr");
        openssl("ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", "p384.pem");
        openssl("req", "-new", "-key", "p384.pem", "-subj", "/CN=x", "-out", "p384.csr");

        assertRefused(Files.readString(folder.resolve("rsa.csr")), "csr.key-unsupported");
        assertRefused(Files.readString(folder.resolve("p384.csr")), "csr.key-unsupported");
    }

    @Test
    void refusesARequestThatItsKeyDidntSign() throws Exception {
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "key.pem");
        openssl("req", "-new", "-key", "key.pem", "-subj", "/CN=whatever", "-out", "good.csr");
        byte[] der = Pem.blocks(Files.readString(folder.resolve("good.csr")), "CERTIFICATE REQUEST")
                .getFirst();
        // The subject's first letter: the signature is over it.
        int w = new String(der, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("whatever");
        der[w] = 'v';

        assertRefused(Pem.write("CERTIFICATE REQUEST", der), "csr.signature-wrong");
    }

    @Test
    void refusesWhatIsNoRequest() {
        assertRefused("", "csr.malformed");
        assertRefused(Pem.write("CERTIFICATE REQUEST", new byte[] {0x30, 0x03, 0x02, 0x01, 0x00}), "csr.malformed");
        assertRefused(Pem.write("CERTIFICATE REQUEST", new byte[300]), "csr.malformed");
        assertRefused("x".repeat(100_000), "csr.malformed");
    }

    @Test
    void theServersCertificateIsRenewedBeforeItsEndAndForNewNames() {
        List<String> hosts = List.of("localhost");
        var server = new ServerCertificate(authority, folder, hosts, now::get);
        X509Certificate first = server.keys().identity().chain().getFirst();
        assertThat(new ServerCertificate(authority, folder, hosts, now::get)
                        .keys()
                        .identity()
                        .chain())
                .first()
                .isEqualTo(first);

        server.renewWhenDue();
        assertThat(server.keys().identity().chain()).first().isEqualTo(first);
        now.updateAndGet(t -> t.plus(Duration.ofDays(61)));
        server.renewWhenDue();
        X509Certificate renewed = server.keys().identity().chain().getFirst();
        assertThat(renewed).isNotEqualTo(first);

        var named = new ServerCertificate(authority, folder, List.of("localhost", "other.example"), now::get);
        assertThat(named.keys().identity().chain().getFirst()).isNotEqualTo(renewed);
    }

    @Test
    void refusesWhatIsNoHost() {
        for (String host : List.of("a b", "-x", "1.2.3", "::zz", "a:80", "")) {
            assertThatThrownBy(() -> authority.server(List.of(host), Duration.ofDays(1)))
                    .asInstanceOf(InstanceOfAssertFactories.type(ProblemException.class))
                    .extracting(ProblemException::code)
                    .as(host)
                    .isEqualTo("host.malformed");
        }
    }

    @Test
    void knowsItsOwnFromAnothersCertificates(@TempDir Path elsewhere) {
        var other = CertificateAuthority.open(elsewhere, InstantSource.system(), new SecureRandom());
        var key = TlsKeys.generate().getPublic();
        assertThat(authority.issued(authority.device("n", key, Duration.ofDays(1))))
                .isTrue();
        assertThat(authority.issued(other.device("n", key, Duration.ofDays(1)))).isFalse();
    }

    private static void assertRefused(String pem, String code) {
        assertThatThrownBy(() -> SigningRequests.key(pem))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private String openssl(String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
