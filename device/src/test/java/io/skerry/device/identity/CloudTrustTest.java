package io.skerry.device.identity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.tls.TlsIdentity;
import io.skerry.device.TestAuthority;
import io.skerry.spec.Digest;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudTrustTest {
    private static final InstantSource JUNE = InstantSource.fixed(Instant.parse("2026-06-01T00:00:00Z"));

    @TempDir
    Path folder;

    @Test
    void takesAServerOfItsAuthority() throws Exception {
        var authority = new TestAuthority(folder, "ours");
        var chain = chain(authority.server("IP:127.0.0.1", "20260101000000Z", "20270101000000Z"));

        assertThatCode(() -> new CloudTrust(authority.certificate(), JUNE).checkServerTrusted(chain, "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAServerOfAnotherAuthority() throws Exception {
        var authority = new TestAuthority(folder.resolve("ours"), "ours");
        var foreign = new TestAuthority(folder.resolve("foreign"), "ours");
        var chain = chain(foreign.server("IP:127.0.0.1"));

        assertThatThrownBy(() -> new CloudTrust(authority.certificate(), JUNE).checkServerTrusted(chain, "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void refusesAnExpiredServer() throws Exception {
        var authority = new TestAuthority(folder, "ours");
        var chain = chain(authority.server("IP:127.0.0.1", "20260101000000Z", "20260301000000Z"));

        assertThatThrownBy(() -> new CloudTrust(authority.certificate(), JUNE).checkServerTrusted(chain, "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void takesAServerWhoseCertificateBeginsAfterTheDevicesTime() throws Exception {
        var authority = new TestAuthority(folder, "ours");
        var chain = chain(authority.server("IP:127.0.0.1", "20280101000000Z", "20290101000000Z"));

        assertThatCode(() -> new CloudTrust(authority.certificate(), JUNE).checkServerTrusted(chain, "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "2016-06-01T00:00:00Z",
                "2026-12-01T00:00:00Z",
                "2027-06-01T00:00:00Z",
                "2036-06-01T00:00:00Z",
                "2038-01-19T03:14:08Z"
            })
    void noClockOfTheDevicesMakesAGoodServerBad(String clock) throws Exception {
        var authority = new TestAuthority(folder.resolve("ca"), "ours");
        var chain = chain(authority.server("IP:127.0.0.1", "20260501000000Z", "20260801000000Z"));
        TrustedTime.open(folder, JUNE, System::nanoTime).told(JUNE.instant(), Instant.MAX);
        var time = TrustedTime.open(folder, InstantSource.fixed(Instant.parse(clock)), System::nanoTime);

        assertThatCode(() ->
                        new CloudTrust(authority.certificate(), time::proven).checkServerTrusted(chain, "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
    }

    @Test
    void aCloudThatOnceToldAWrongTimeIsTakenAgainAfterADay() throws Exception {
        var authority = new TestAuthority(folder.resolve("ca"), "ours");
        var chain = chain(authority.server("IP:127.0.0.1", "20260501000000Z", "20260801000000Z"));
        var nanos = new AtomicLong();
        var time = TrustedTime.open(folder, JUNE, nanos::get);
        time.told(Instant.parse("2030-01-01T00:00:00Z"), Instant.MAX);
        var trust = new CloudTrust(authority.certificate(), time::proven);
        assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);

        nanos.set(TrustedTime.LOST.plusSeconds(1).toNanos());
        assertThatCode(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA")).doesNotThrowAnyException();

        time.told(JUNE.instant(), chain[0].getNotAfter().toInstant());
        assertThatCode(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA")).doesNotThrowAnyException();
    }

    @Test
    void refusesADeviceThatPlaysTheServer() throws Exception {
        var authority = new TestAuthority(folder, "ours");
        var key = io.skerry.content.tls.TlsKeys.generate();
        var csr = io.skerry.content.tls.CertificateSigningRequest.create(key.getPrivate(), key.getPublic(), "node");
        var chain =
                io.skerry.content.tls.Pem.certificates(authority.device(csr)).toArray(X509Certificate[]::new);

        assertThatThrownBy(() -> new CloudTrust(authority.certificate(), JUNE).checkServerTrusted(chain, "ECDHE_ECDSA"))
                .hasMessageContaining("not for servers");
    }

    @Test
    void claimTokensAuthorityIsFoundInTheChainByItsFingerprint() throws Exception {
        var authority = new TestAuthority(folder.resolve("ours"), "ours");
        var foreign = new TestAuthority(folder.resolve("foreign"), "foreign");
        var fingerprint = Digest.of(authority.certificate().getEncoded()).hex();
        var trust = new ClaimTrust(fingerprint, JUNE);

        assertThatCode(() -> trust.checkServerTrusted(chain(authority.server("IP:127.0.0.1")), "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> trust.checkServerTrusted(chain(foreign.server("IP:127.0.0.1")), "ECDHE_ECDSA"))
                .hasMessageContaining("claim token");
        // The right authority's certificate beside a chain of another doesn't help.
        var forged =
                new X509Certificate[] {foreign.server("IP:127.0.0.1").chain().getFirst(), authority.certificate()};
        assertThatThrownBy(() -> trust.checkServerTrusted(forged, "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);
    }

    private static X509Certificate[] chain(TlsIdentity identity) {
        return identity.chain().toArray(X509Certificate[]::new);
    }
}
