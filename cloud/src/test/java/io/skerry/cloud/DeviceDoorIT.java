package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.authority.CertificateAuthority;
import io.skerry.cloud.node.NewClaim;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.content.signing.TrustedKeys;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.TlsIdentity;
import io.skerry.content.tls.TlsKeys;
import io.skerry.spec.Architecture;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Position;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.wire.ClaimToken;
import io.skerry.spec.wire.EnrolResponse;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.Paths;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class DeviceDoorIT {
    private final Path data;
    private final TestCloud test;

    DeviceDoorIT(@TempDir Path root) {
        data = root.resolve("data");
        test = new TestCloud(data);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void aDeviceEnrolsAndReadsWhatItIsToldSignedByItsCustomer() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", device.nodeId());

        HttpResponse<byte[]> answer = device.get();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue(Paths.NEXT_WAIT_HEADER)).contains("55");
        var verified = TrustedKeys.pinned(device.enrolled.customer(), device.enrolled.root())
                .verify(Messages.SIGNED_DESIRED_STATE.fromJson(answer.body()));
        DesiredState state = Documents.DESIRED_STATE.fromJson(verified.payload());
        assertThat(state.head().node()).isEqualTo(device.nodeId());
        assertThat(state.head().customer()).isEqualTo(test.customer());
        assertThat(state.head().position()).isEqualTo(new Position(1, 2)).isEqualTo(TestDevice.position(answer));
        assertThat(state.workload().containers().get("i1"))
                .isNotNull()
                .satisfies(c -> assertThat(c.service().version()).isEqualTo(1));
    }

    @Test
    void aDevicesCertificateNamesTheNodeAndIsForClients() throws Exception {
        TestDevice device = test.device("alpha");

        X509Certificate certificate =
                Pem.certificates(device.enrolled.certificate()).getFirst();

        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + device.nodeId());
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void aClaimTokenIsGoodForOneDeviceAndForItsRepeatedQuestion() throws Exception {
        ClaimToken token = ClaimToken.parse(test.token(1));
        KeyPair first = TlsKeys.generate();

        EnrolResponse one = Messages.ENROL_RESPONSE.fromJson(
                TestDevice.enrol(test.cloud, token, first, "alpha").body());
        HttpResponse<byte[]> again = TestDevice.enrol(test.cloud, token, first, "alpha");
        HttpResponse<byte[]> other = TestDevice.enrol(test.cloud, token, TlsKeys.generate(), "beta");

        assertThat(Messages.ENROL_RESPONSE.fromJson(again.body()).node())
                .as("the answer was lost; the device asks again with its key")
                .isEqualTo(one.node());
        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(TestCloud.problem(other).code()).isEqualTo("claim-token.used");
    }

    @Test
    void unknownAndExpiredTokensAreRefused() throws Exception {
        ClaimToken good = ClaimToken.parse(test.token(1));
        var unknown = new ClaimToken("x".repeat(43), good.authorityFingerprint());

        assertThat(TestCloud.problem(TestDevice.enrol(test.cloud, unknown, TlsKeys.generate(), "a"))
                        .code())
                .isEqualTo("claim-token.unknown");
        test.later(Duration.ofHours(2));
        assertThat(TestCloud.problem(TestDevice.enrol(test.cloud, good, TlsKeys.generate(), "a"))
                        .code())
                .isEqualTo("claim-token.expired");
    }

    @Test
    void tokensThatNobodyCanUseAnyMoreAreForgottenInTime() throws Exception {
        test.device("alpha");
        test.token(1);
        test.later(Duration.ofDays(29));
        test.token(1);
        assertThat(tokens()).isEqualTo(3);

        test.later(Duration.ofDays(3));
        test.token(1);

        assertThat(tokens()).isEqualTo(2);
    }

    private int tokens() {
        return test.cloud
                .parts()
                .storage()
                .read(h -> h.createQuery("SELECT count(*) FROM claim_tokens")
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void namesAreMadeUnique() throws Exception {
        String token = test.token(3);
        assertThat(TestDevice.enrol(test.cloud, token, "Alpha").enrolled.name()).isEqualTo("alpha");
        assertThat(TestDevice.enrol(test.cloud, token, "alpha").enrolled.name()).isEqualTo("alpha-2");
        assertThatThrownBy(() -> test.cloud
                        .parts()
                        .claimTokens()
                        .create(
                                new NewClaim("nobody", Optional.empty(), Optional.empty(), 1, Duration.ofHours(1)),
                                Actor.CONTROL_PLANE))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("customer.unknown"));
    }

    @Test
    void anUnchangedPollWaitsAndIsAnsweredWith304() throws Exception {
        TestDevice device = test.device("alpha");
        Position known = TestDevice.position(device.get());

        long began = System.nanoTime();
        HttpResponse<byte[]> answer = device.send(device.poll(Optional.of(known), 2));

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("ETag")).contains(known.entityTag());
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aWaitingPollIsWokenByAChange() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        Position known = TestDevice.position(device.get());
        var waiting = device.waiting(known, 60);
        assertThat(test.cloud.parts().nodes().online(device.nodeId())).isTrue();

        test.instance("i1", "web", device.nodeId());
        HttpResponse<byte[]> answer = waiting.get(10, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(TestDevice.position(answer)).isEqualTo(known.next());
    }

    @Test
    void noChangeIsMissedHoweverItFallsIntoAPoll() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", device.nodeId());
        Position known = TestDevice.position(device.get());
        for (int i = 0; i < 60; i++) {
            var waiting = device.waiting(known, 20);
            test.version("web");
            HttpResponse<byte[]> answer = waiting.get(10, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).as("round %s", i).isEqualTo(200);
            known = TestDevice.position(answer);
        }
        assertThat(known.serial()).isGreaterThanOrEqualTo(61);
    }

    @Test
    void whatWasToldSurvivesARestart() throws Exception {
        TestDevice before = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", before.nodeId());
        HttpResponse<byte[]> told = before.get();

        test.restart();
        TestDevice device = before.at(test.cloud);

        HttpResponse<byte[]> answer = device.get();
        assertThat(answer.body()).isEqualTo(told.body());
        assertThat(device.send(device.poll(Optional.of(TestDevice.position(told)), 1))
                        .statusCode())
                .isEqualTo(304);
        assertThat(test.printed()).containsOnlyOnce("skk_");
    }

    @Test
    void aRemovedNodesCertificateIsRefusedAtOnce() throws Exception {
        TestDevice device = test.device("alpha");
        var waiting = device.waiting(TestDevice.position(device.get()), 60);

        test.removeNode(device.nodeId());

        assertThat(waiting.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(403);
        HttpResponse<byte[]> answer = device.get();
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(TestCloud.problem(answer).code()).isEqualTo("certificate.revoked");
        assertThat(TestCloud.problem(device.renew()).code()).isEqualTo("certificate.revoked");
        assertThat(TestCloud.problem(
                                TestDevice.enrol(test.cloud, ClaimToken.parse(test.token(1)), device.keys, "alpha"))
                        .code())
                .isEqualTo("node.key-revoked");
    }

    @Test
    void aCallWithoutOrWithAForeignCertificateIsToldWhy(@TempDir Path elsewhere) throws Exception {
        TestDevice device = test.device("alpha");
        var other = CertificateAuthority.open(elsewhere, InstantSource.system(), new SecureRandom());
        X509Certificate foreign = other.device(device.nodeId(), device.keys.getPublic(), Duration.ofDays(1));
        TestDevice forger = TestDevice.as(
                test.cloud, device.keys, device.enrolled, new TlsIdentity(device.keys.getPrivate(), List.of(foreign)));

        HttpResponse<byte[]> answer = forger.get();
        HttpResponse<byte[]> bare = TestDevice.client(
                        io.skerry.content.tls.TlsContexts.trusting(io.skerry.content.tls.PinnedAuthority.of(
                                Pem.certificates(device.enrolled.authority()).getFirst())))
                .send(device.poll(Optional.empty(), 0), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(TestCloud.problem(answer).code()).isEqualTo("certificate.foreign");
        assertThat(bare.statusCode()).isEqualTo(401);
        assertThat(TestCloud.problem(bare).code()).isEqualTo("certificate.missing");
    }

    @Test
    void anExpiredCertificateIsGoodForRenewalAloneAndOnlyForAWhile() throws Exception {
        TestDevice device = test.device("alpha");
        test.later(Duration.ofDays(370));

        assertThat(TestCloud.problem(device.get()).code()).isEqualTo("certificate.expired");
        HttpResponse<byte[]> renewed = device.renew();
        assertThat(renewed.statusCode()).isEqualTo(200);
        String certificate =
                Messages.CERTIFICATE_RESPONSE.fromJson(renewed.body()).certificate();
        TestDevice again = TestDevice.as(
                test.cloud,
                device.keys,
                device.enrolled,
                new TlsIdentity(device.keys.getPrivate(), Pem.certificates(certificate)));
        assertThat(again.get().statusCode()).isEqualTo(200);

        test.later(Duration.ofDays(30));
        assertThat(TestCloud.problem(device.renew()).code()).isEqualTo("certificate.expired");
        assertThat(again.renew().statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsTooLongOrMalformedIsRefusedWithWords() throws Exception {
        TestDevice device = test.device("alpha");
        var long_ = device.request(Paths.STATUS)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[256 * 1024 + 1]))
                .build();
        var garbage = device.request(Paths.STATUS)
                .PUT(HttpRequest.BodyPublishers.ofString("{\"daemon_version\":"))
                .build();

        HttpResponse<byte[]> tooLong = device.send(long_);
        assertThat(tooLong.statusCode()).isEqualTo(413);
        assertThat(TestCloud.problem(tooLong).code()).isEqualTo("request.too-large");
        assertThat(TestCloud.problem(device.send(garbage)).code()).isEqualTo("json.malformed");
        assertThat(TestCloud.problem(
                                device.send(device.request("/device/v1/nothing").build()))
                        .code())
                .isEqualTo("path.unknown");
        assertThat(device.send(device.request(Paths.STATUS).build()).statusCode())
                .isEqualTo(405);
        assertThat(device.get().statusCode()).as("the connection is still good").isEqualTo(200);
    }

    @Test
    void aStatusIsKeptAndNewCapabilitiesChangeWhatIsTold() throws Exception {
        TestDevice device = test.device("alpha");
        test.version("web");
        test.instance("i1", "web", device.nodeId());
        assertThat(device.report(TestDevice.status(TestDevice.CAPABILITIES)).statusCode())
                .isEqualTo(204);
        assertThat(test.cloud.parts().nodes().get(device.nodeId()).orElseThrow().status())
                .contains(TestDevice.status(TestDevice.CAPABILITIES));

        var arm = new Capabilities(1, Architecture.ARM64, List.of(), List.of(), List.of(), 1);
        device.report(TestDevice.status(arm));

        assertThat(test.cloud.parts().nodes().get(device.nodeId()).orElseThrow().capabilities())
                .isEqualTo(arm);
        assertThat(test.cloud.parts().states().targets(device.nodeId()).get("i1"))
                .isInstanceOfSatisfying(
                        io.skerry.cloud.desired.Target.Refused.class,
                        r -> assertThat(r.problem().code()).isEqualTo("instance.architecture-missing"));
    }
}
