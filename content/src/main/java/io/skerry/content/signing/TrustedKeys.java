package io.skerry.content.signing;

import io.skerry.spec.ProblemException;
import io.skerry.spec.wire.SignedDesiredState;

/**
 * Whom a device believes: kept on its disk, and replaced by what {@link #verify} returns.
 *
 * @param customer whose keys these are
 * @param root the newest root that was accepted, base64 of its DER form
 * @param rootGeneration of that root; 0 for the one that was pinned at enrolment
 * @param desiredStateGeneration the highest of a key by which a desired state was accepted; 0 before the first
 */
public record TrustedKeys(String customer, String root, long rootGeneration, long desiredStateGeneration) {
    /** What a device believes that was just enrolled. */
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
     * Checks that a key which the root stands for signed the document. Customer, node, epoch and serial within the document
     * are the caller's to check.
     *
     * @throws ProblemException {@code signature.…}; nothing new is believed then
     */
    public Verified verify(SignedDesiredState signed) {
        return java.util.Optional.<Verified>empty().orElseThrow(UnsupportedOperationException::new);
    }

    /** @throws ProblemException {@code json.malformed}, {@code signature.key-malformed} */
    public static TrustedKeys parse(byte[] json) {
        return java.util.Optional.<TrustedKeys>empty().orElseThrow(UnsupportedOperationException::new);
    }

    public byte[] toJson() {
        return java.util.Optional.<byte[]>empty().orElseThrow(UnsupportedOperationException::new);
    }
}
