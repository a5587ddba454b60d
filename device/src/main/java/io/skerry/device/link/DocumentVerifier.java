package io.skerry.device.link;

import io.skerry.content.signing.TrustedKeys;
import io.skerry.device.revision.WorkloadRules;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.SignedDesiredState;
import java.util.Optional;

/** Decides whether a document that came over the link is one that this device must follow. Does nothing itself. */
final class DocumentVerifier {
    private final String customer;
    private final String node;

    DocumentVerifier(String customer, String node) {
        this.customer = customer;
        this.node = node;
    }

    /**
     * Verifies signature, customer, node, version, and that epoch and serial only grow.
     *
     * @param body a {@link SignedDesiredState}
     * @param trust whom the device believes
     * @param last the last one that was accepted, if it is still there
     * @param floor how new the newest one was that was to be followed
     * @return empty when it is the very one that was accepted last
     * @throws ProblemException {@code signature.…}, {@code document.…} or {@code json.malformed}; then nothing of it counts
     */
    Optional<Accepted> verify(byte[] body, TrustedKeys trust, Optional<Accepted> last, Optional<KeptPosition> floor) {
        SignedDesiredState signed = Wire.read(Messages.SIGNED_DESIRED_STATE, body, "The answer with the desired state");
        TrustedKeys.Verified verified = trust.verify(signed);
        byte[] payload = verified.payload();
        int version = Wire.read(DocumentVersion.JSON, payload, "The desired state")
                .head()
                .version();
        if (version != DesiredState.DOCUMENT_VERSION) {
            throw new Problem(
                            "document.version",
                            "The desired state has version " + version + ", this daemon reads version "
                                    + DesiredState.DOCUMENT_VERSION + ".",
                            "Update the device daemon.")
                    .asException();
        }
        DesiredState state = Wire.read(Documents.DESIRED_STATE, payload, "The desired state");
        requireAddressee(state);
        WorkloadRules.check(state.workload());
        Accepted accepted = new Accepted(state, payload, verified.trust());
        if (floor.isPresent()) {
            requireNoOlder(accepted, floor.get());
        }
        return last.filter(l -> l.digest().equals(accepted.digest())).isPresent()
                ? Optional.empty()
                : Optional.of(accepted);
    }

    private void requireAddressee(DesiredState state) {
        if (!state.head().customer().equals(customer)) {
            throw new Problem(
                            "document.customer-other",
                            "The desired state is for customer '"
                                    + Text.shortened(state.head().customer(), 60) + "', this device belongs to '"
                                    + customer + "'.")
                    .asException();
        }
        if (!state.head().node().equals(node)) {
            throw new Problem(
                            "document.node-other",
                            "The desired state is for node '"
                                    + Text.shortened(state.head().node(), 60) + "', this device is '" + node + "'.")
                    .asException();
        }
        if (state.owner() != Owner.CLOUD) {
            throw new Problem(
                            "document.owner-other",
                            "The desired state from the cloud is for the part of '"
                                    + state.owner().word() + "'.")
                    .asException();
        }
    }

    private static void requireNoOlder(Accepted now, KeptPosition floor) {
        int order = now.state().head().position().compareTo(floor.position());
        if (order < 0) {
            throw new Problem(
                            "document.older",
                            "The desired state has position "
                                    + now.state().head().position() + ", but "
                                    + floor.position() + " was accepted already.",
                            "If the cloud was restored from a backup, start a new epoch there.")
                    .asException();
        }
        if (order == 0 && !now.digest().value().equals(floor.digest())) {
            throw new Problem(
                            "document.position-reused",
                            "Two different desired states have position "
                                    + now.state().head().position() + ".",
                            "If the cloud was restored from a backup, start a new epoch there.")
                    .asException();
        }
    }
}
