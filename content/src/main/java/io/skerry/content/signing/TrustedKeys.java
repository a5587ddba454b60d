package io.skerry.content.signing;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import io.skerry.spec.wire.SignedDesiredState;

/**
 * Whom a device believes: kept on its disk, and replaced by what {@link #verify} returns.
 *
 * @param customer whose keys these are
 * @param root the newest root that was accepted, base64 of its DER form
 * @param rootGeneration of that root; 0 for the one that was pinned at enrolment
 * @param desiredStateGeneration the highest of a key by which a desired state was accepted; 0 before the first
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record TrustedKeys(String customer, String root, long rootGeneration, long desiredStateGeneration) {
    public TrustedKeys {
        Required.field(customer, "customer");
        Required.field(root, "root");
    }

    /**
     * What a device believes that was just enrolled.
     *
     * @throws ProblemException {@code signature.key-malformed}
     */
    public static TrustedKeys pinned(String customer, String root) {
        return new TrustedKeys(customer, VerifyingKey.parse(root).encoded(), 0, 0);
    }

    /**
     * What was verified.
     *
     * @param payload the desired state's bytes
     * @param trust to be kept from now on
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    public record Verified(byte[] payload, TrustedKeys trust) {}

    /**
     * Checks that a key for which the root stands signed the document. Customer, node, epoch and serial within the document
     * are the caller's to check.
     *
     * <p>Certificates that no trusted root signed, and those of roots up to the newest accepted one, are passed over: a new
     * device gets the whole history, an old one has left some of it behind. Of the keys for desired states only those of the
     * highest generation count, and none below the highest by which one was ever accepted.
     *
     * @throws ProblemException {@code signature.malformed}, {@code signature.key-malformed}, {@code signature.type-other},
     *     {@code signature.customer-other}, {@code signature.generation-old}, {@code signature.untrusted}; nothing new is
     *     believed then
     */
    public Verified verify(SignedDesiredState signed) {
        KeyChain chain = KeyChain.walk(this, signed.keys());
        Dsse.Verified document =
                Dsse.verify(signed.document(), SignedDesiredState.PAYLOAD_TYPE, chain.desiredStateKeys(), 1);
        if (chain.generation() < desiredStateGeneration) {
            throw new Problem(
                            "signature.generation-old",
                            "The desired state is signed by a key of generation " + chain.generation()
                                    + ", but one of generation " + desiredStateGeneration + " was accepted before.",
                            "A key that was replaced can't sign any more; sign with the current one.")
                    .asException();
        }
        return new Verified(
                document.payload(),
                new TrustedKeys(customer, chain.root().encoded(), chain.rootGeneration(), chain.generation()));
    }

    /** @throws ProblemException {@code json.malformed}, {@code signature.key-malformed} */
    public static TrustedKeys parse(byte[] json) {
        TrustedKeys read = Wire.read(type(), json, "The trusted keys");
        VerifyingKey.parse(read.root());
        return read;
    }

    public byte[] toJson() {
        return type().toJsonBytes(this);
    }

    private static JsonType<TrustedKeys> type() {
        return Wire.strict(TrustedKeys.class);
    }
}
