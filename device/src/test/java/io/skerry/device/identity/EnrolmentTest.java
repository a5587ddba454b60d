package io.skerry.device.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.skerry.content.signing.SigningKey;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.PinnedAuthority;
import io.skerry.content.tls.ReloadableKeyManager;
import io.skerry.content.tls.TlsContexts;
import io.skerry.device.TestAuthority;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.wire.CertificateResponse;
import io.skerry.spec.wire.ClaimToken;
import io.skerry.spec.wire.EnrolResponse;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.Paths;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnrolmentTest {
    private static final Capabilities CAPABILITIES =
            new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of("disabled"), List.of(), 1);
    private static final String SECRET = "s".repeat(43);

    @TempDir
    Path folder;

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.now());
    private final AtomicReference<Problem> refusal = new AtomicReference<>(new Problem("none", ""));
    private Path data;
    private TestAuthority authority;
    private HttpsServer server;

    @BeforeEach
    void begin() throws Exception {
        data = Files.createDirectories(folder.resolve("data"));
        authority = new TestAuthority(folder.resolve("ca"), "cloud");
        server = serve("IP:127.0.0.1");
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    @Test
    void storesWhoTheDeviceIsFromNowOn() throws Exception {
        var identity = enrol(token());

        assertThat(identity.membership().node()).isEqualTo("node1");
        var again = FileIdentity.load(data).orElseThrow();
        assertThat(again.membership()).isEqualTo(identity.membership());
        assertThat(again.tls().chain()).isEqualTo(identity.tls().chain());
        assertThat(again.authority()).isEqualTo(authority.certificate());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("identity/key.pem"))))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1970-01-01T00:00:00Z", "2027-01-20T00:00:00Z", "2038-01-19T03:14:08Z", "2099-01-01T00:00:00Z"})
    void worksWithAnyClock(String now) throws Exception {
        clock.set(Instant.parse(now));

        assertThat(enrol(token()).membership().node()).isEqualTo("node1");
    }

    @Test
    void keepsTheTimeThatTheCloudTold() throws Exception {
        clock.set(Instant.EPOCH);

        enrol(token());

        assertThat(TrustedTime.open(data, clock::get, System::nanoTime).instant())
                .isAfter(Instant.now().minus(Duration.ofDays(1)));
    }

    @Test
    void certificateThatHasEndedWhileTheDeviceKnewNoTimeIsRenewedWhenItIsTold() throws Exception {
        var identity = enrol(token());
        var first = identity.tls().chain().getFirst();
        Files.delete(data.resolve("last-good-time"));
        var time = TrustedTime.open(data, () -> Instant.EPOCH, System::nanoTime);
        var renewal = new CertificateRenewal(
                identity,
                new CloudTls(identity, time),
                time,
                r -> new CertificateResponse(signed(r.csr())),
                new Random(1));
        assertThat(renewal.look()).isLessThanOrEqualTo(Duration.ofMinutes(1));
        assertThat(identity.tls().chain().getFirst()).isEqualTo(first);

        time.told(first.getNotAfter().toInstant().plusSeconds(60), Instant.MAX);
        renewal.look();

        assertThat(identity.tls().chain().getFirst()).isNotEqualTo(first);
    }

    @Test
    void refusesACloudOfAnotherAuthority() {
        var foreign = new ClaimToken(SECRET, "0".repeat(64));

        assertProblem("enrol.untrusted", () -> enrol(foreign));
        assertThat(FileIdentity.load(data)).isEmpty();
    }

    @Test
    void refusesACloudUnderAnotherName() throws Exception {
        server.stop(0);
        server = serve("DNS:cloud.example");

        assertProblem("enrol.untrusted", () -> enrol(token()));
    }

    @Test
    void saysWhatTheCloudHasAgainstTheToken() throws Exception {
        refusal.set(new Problem("claim-token.used", "This claim token was used already.", "Make another one."));

        assertThatThrownBy(() -> enrol(token())).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem()).isEqualTo(refusal.get());
            assertThat(e.toString()).doesNotContain(SECRET);
        });
        assertThat(FileIdentity.load(data)).isEmpty();
    }

    @Test
    void namesACloudThatIsNotThere() throws Exception {
        var token = token();
        server.stop(0);

        assertProblem("enrol.unreachable", () -> enrol(token));
    }

    @Test
    void doesNotEnrolTwice() throws Exception {
        enrol(token());

        assertProblem("enrol.already", () -> enrol(token()));
    }

    @Test
    void renewsTheCertificateWhenTwoThirdsOfItsLifeAreOver() throws Exception {
        var identity = enrol(token());
        var first = identity.tls().chain().getFirst();
        var time = new AtomicReference<>(CertificateRenewal.due(first).minusSeconds(1));
        var tls = new CloudTls(identity, TrustedTime.open(data, InstantSource.system(), System::nanoTime));
        var renewal = new CertificateRenewal(
                identity, tls, time::get, r -> new CertificateResponse(signed(r.csr())), new Random(1));

        renewal.look();
        assertThat(identity.tls().chain().getFirst()).isEqualTo(first);

        time.set(CertificateRenewal.due(first));
        renewal.look();
        assertThat(identity.tls().chain().getFirst()).isNotEqualTo(first);
        assertThat(FileIdentity.load(data).orElseThrow().tls().chain())
                .isEqualTo(identity.tls().chain());
    }

    @Test
    void certificateThatCannotBeRenewedIsAProblemAndStaysInUse() throws Exception {
        var identity = enrol(token());
        var first = identity.tls().chain().getFirst();
        var tls = new CloudTls(identity, TrustedTime.open(data, InstantSource.system(), System::nanoTime));
        var renewal = new CertificateRenewal(
                identity,
                tls,
                () -> first.getNotAfter().toInstant().plus(Duration.ofDays(1)),
                _ -> {
                    throw new Problem("node.revoked", "This node was revoked.").asException();
                },
                new Random(1));

        renewal.look();

        assertThat(renewal.problem().orElseThrow().message()).contains("This node was revoked.");
        assertThat(identity.tls().chain().getFirst()).isEqualTo(first);
    }

    private DeviceIdentity enrol(ClaimToken token) {
        var time = TrustedTime.open(data, clock::get, System::nanoTime);
        return new Enrolment(data, time)
                .enrol(
                        URI.create("https://127.0.0.1:" + server.getAddress().getPort()),
                        token,
                        "kitchen",
                        CAPABILITIES);
    }

    private ClaimToken token() throws Exception {
        return new ClaimToken(
                SECRET, Digest.of(authority.certificate().getEncoded()).hex());
    }

    private HttpsServer serve(String names) throws Exception {
        var tls = TlsContexts.mutual(
                new ReloadableKeyManager(authority.server(names)), PinnedAuthority.of(authority.certificate()));
        var serving = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serving.setHttpsConfigurator(new HttpsConfigurator(tls));
        serving.createContext(Paths.ENROL, this::answer);
        serving.start();
        return serving;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request =
                    Wire.read(Messages.ENROL_REQUEST, exchange.getRequestBody().readAllBytes(), "The request");
            boolean refused = !refusal.get().code().equals("none");
            byte[] body = refused
                    ? Messages.PROBLEM.toJsonBytes(refusal.get())
                    : Messages.ENROL_RESPONSE.toJsonBytes(new EnrolResponse(
                            "customer1",
                            "node1",
                            request.name(),
                            signed(request.csr()),
                            Pem.write(List.of(authority.certificate())),
                            SigningKey.generate().verifyingKey().encoded()));
            exchange.sendResponseHeaders(refused ? 409 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String signed(String csr) {
        try {
            return authority.device(csr);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertProblem(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
