package io.skerry.device.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.signing.SigningKey;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.Workload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentVerifierTest {
    private static final Position FIRST = new Position(1, 1);

    private final Signed cloud = new Signed();
    private final DocumentVerifier verifier = new DocumentVerifier(Signed.CUSTOMER, Signed.NODE);

    @Test
    void takesWhatItsCloudSigned() {
        var state = Signed.state(1, 1);

        assertThat(verify(cloud.body(state), Optional.empty()).orElseThrow().state())
                .isEqualTo(state);
    }

    @Test
    void readsADigestAsThePlainStringThatTheCloudWrites() {
        var digest = "sha256:" + "a".repeat(64);
        var json = ("{\"head\":{\"version\":1,\"customer\":\"customer1\",\"node\":\"node1\",\"position\":{\"epoch\":1,"
                        + "\"serial\":1},\"not_after\":7},\"owner\":\"cloud\",\"workload\":{\"containers\":{\"i1\":{"
                        + "\"service\":{\"id\":\"s\",\"name\":\"web\",\"version\":1},\"image\":{\"repository\":\"c/web\","
                        + "\"manifest\":\"" + digest
                        + "\",\"compressed_bytes\":1,\"unpacked_bytes\":1},\"environment\":{},"
                        + "\"limits\":{\"memory_bytes\":9000000,\"cpu_millis\":0,\"pids\":9},\"volumes\":[],"
                        + "\"restart\":\"always\",\"stop_seconds\":1,\"probation_seconds\":1}}},"
                        + "\"session\":{\"streams\":[],\"retry_token\":\"\"}}")
                .getBytes(StandardCharsets.UTF_8);

        var workload =
                verify(cloud.body(json), Optional.empty()).orElseThrow().state().workload();

        assertThat(workload.containers().values())
                .extracting(c -> c.image().manifest().value())
                .containsExactly(digest);
    }

    @Test
    void refusesWhatAnotherKeySigned() {
        var payload = Documents.DESIRED_STATE.toJsonBytes(Signed.state(1, 1));

        assertRefused("signature.", () -> verify(cloud.body(payload, SigningKey.generate()), Optional.empty()));
    }

    @Test
    void refusesWhatAnotherCustomersRootStandsFor() {
        assertRefused("signature.", () -> verify(new Signed().body(Signed.state(1, 1)), Optional.empty()));
    }

    @Test
    void refusesChangedBytes() {
        var body = new String(cloud.body(Signed.state(1, 1)), StandardCharsets.UTF_8);
        int at = body.indexOf("\"payload\":\"") + 40;
        var changed = body.substring(0, at) + (body.charAt(at) == 'A' ? 'B' : 'A') + body.substring(at + 1);

        assertThatThrownBy(() -> verify(changed.getBytes(StandardCharsets.UTF_8), Optional.empty()))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void refusesADocumentForAnotherNode() {
        assertRefused(
                "document.node-other",
                () -> verify(
                        cloud.body(Signed.state(1, Signed.CUSTOMER, "node2", FIRST, Workload.EMPTY)),
                        Optional.empty()));
    }

    @Test
    void refusesADocumentForAnotherCustomer() {
        assertRefused(
                "document.customer-other",
                () -> verify(
                        cloud.body(Signed.state(1, "customer2", Signed.NODE, FIRST, Workload.EMPTY)),
                        Optional.empty()));
    }

    @Test
    void refusesADocumentOfANewerVersionByItsVersionAndNotByItsUnknownFields() {
        var newer = "{\"head\":{\"version\":2,\"what\":1},\"all\":\"new\"}".getBytes(StandardCharsets.UTF_8);

        assertRefused("document.version", () -> verify(cloud.body(newer), Optional.empty()));
    }

    @Test
    void refusesAFieldThatItDoesNotKnow() {
        var json = new String(Documents.DESIRED_STATE.toJsonBytes(Signed.state(1, 1)), StandardCharsets.UTF_8);
        var extended = json.substring(0, json.length() - 1) + ",\"disks\":{}}";

        assertRefused(
                "json.malformed",
                () -> verify(cloud.body(extended.getBytes(StandardCharsets.UTF_8)), Optional.empty()));
    }

    @Test
    void refusesAnOlderPosition() {
        var last = verify(cloud.body(Signed.state(2, 5)), Optional.empty());

        assertRefused("document.older", () -> verify(cloud.body(Signed.state(2, 4)), last));
        assertRefused("document.older", () -> verify(cloud.body(Signed.state(1, 9)), last));
        assertThat(verify(cloud.body(Signed.state(3, 1)), last)).isPresent();
    }

    @Test
    void followsACloudThatWasRestoredAndNotTheOneBeforeIt() {
        var before = verify(cloud.body(Signed.state(1, 10)), Optional.empty());

        assertRefused("document.older", () -> verify(cloud.body(Signed.state(1, 8)), before));
        var restored = verify(cloud.body(Signed.state(2, 8)), before);

        assertThat(restored).isPresent();
        assertRefused("document.older", () -> verify(cloud.body(Signed.state(1, 11)), restored));
        assertThat(verify(cloud.body(Signed.state(2, 9)), restored)).isPresent();
    }

    @Test
    void takesTheSameOnceOnlyAndRefusesOthersInItsPlace() {
        var last = verify(cloud.body(Signed.state(1, 1)), Optional.empty());
        var other = "{\"head\":{\"version\":1,\"customer\":\"customer1\",\"node\":\"node1\",\"position\":{\"epoch\":1,"
                + "\"serial\":1},\"not_after\":7},\"owner\":\"cloud\",\"workload\":{\"containers\":{}},"
                + "\"session\":{\"streams\":[],\"retry_token\":\"\"}}";

        assertThat(verify(cloud.body(Signed.state(1, 1)), last)).isEmpty();
        assertRefused(
                "document.position-reused", () -> verify(cloud.body(other.getBytes(StandardCharsets.UTF_8)), last));
    }

    @Test
    void refusesWhatIsNoJson() {
        assertRefused("json.malformed", () -> verify("<html>".getBytes(StandardCharsets.UTF_8), Optional.empty()));
    }

    @Test
    void remembersWhatItAcceptedOverARestart(@TempDir Path data) {
        DesiredState state = Signed.state(4, 2);
        var store = AcceptedStore.open(data, Signed.NODE, cloud.pinned());
        store.accept(verifier.verify(cloud.body(state), store.trusted(), store.last(), store.floor())
                .orElseThrow());

        var again = AcceptedStore.open(data, Signed.NODE, cloud.pinned());

        assertThat(again.last().orElseThrow().state()).isEqualTo(state);
        assertThat(again.trusted()).isEqualTo(store.trusted());
        assertThat(verifier.verify(cloud.body(state), again.trusted(), again.last(), again.floor()))
                .isEmpty();
    }

    @Test
    void whatWasAcceptedAsAnotherNodeBeforeItWasEnrolledAnewDoesNotCount(@TempDir Path data) {
        var before = AcceptedStore.open(data, Signed.NODE, cloud.pinned());
        before.accept(verifier.verify(cloud.body(Signed.state(4, 2)), before.trusted(), before.last(), before.floor())
                .orElseThrow());

        assertThat(AcceptedStore.open(data, "node2", cloud.pinned()).last()).isEmpty();
    }

    private Optional<Accepted> verify(byte[] body, Optional<Accepted> last) {
        return verifier.verify(body, cloud.pinned(), last, last.map(KeptPosition::of));
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).startsWith(code));
    }
}
