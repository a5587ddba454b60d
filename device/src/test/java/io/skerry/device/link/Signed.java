package io.skerry.device.link;

import io.skerry.content.signing.Dsse;
import io.skerry.content.signing.KeyCertificates;
import io.skerry.content.signing.SigningKey;
import io.skerry.content.signing.TrustedKeys;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Head;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.Session;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.wire.KeyCertificate;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.SignedDesiredState;
import java.util.List;

/** A cloud's keys, and what it would sign with them. */
final class Signed {
    static final String CUSTOMER = "customer1";
    static final String NODE = "node1";

    private final SigningKey root = SigningKey.generate();
    private final SigningKey key = SigningKey.generate();

    TrustedKeys pinned() {
        return TrustedKeys.pinned(CUSTOMER, rootEncoded());
    }

    String rootEncoded() {
        return root.verifyingKey().encoded();
    }

    static DesiredState state(long epoch, long serial) {
        return state(DesiredState.DOCUMENT_VERSION, CUSTOMER, NODE, new Position(epoch, serial), Workload.EMPTY);
    }

    static DesiredState state(int version, String customer, String node, Position position, Workload workload) {
        return new DesiredState(
                new Head(version, customer, node, position, Long.MAX_VALUE),
                Owner.CLOUD,
                workload,
                Session.EMPTY,
                java.util.Optional.empty());
    }

    byte[] body(DesiredState state) {
        return body(Documents.DESIRED_STATE.toJsonBytes(state));
    }

    byte[] body(byte[] payload) {
        return body(payload, key);
    }

    byte[] body(byte[] payload, SigningKey by) {
        return Messages.SIGNED_DESIRED_STATE.toJsonBytes(new SignedDesiredState(
                Dsse.sign(SignedDesiredState.PAYLOAD_TYPE, payload, by),
                List.of(KeyCertificates.certify(
                        root, CUSTOMER, KeyCertificate.Use.DESIRED_STATE, key.verifyingKey(), 1))));
    }
}
