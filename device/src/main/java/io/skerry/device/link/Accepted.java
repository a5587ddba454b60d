package io.skerry.device.link;

import io.skerry.content.signing.TrustedKeys;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.DesiredState;

/**
 * A desired state that was verified.
 *
 * @param state what it says
 * @param payload the bytes that were signed
 * @param trust whom the device believes from it on
 */
@SuppressWarnings("ArrayRecordComponent") // compared by digest only
record Accepted(DesiredState state, byte[] payload, TrustedKeys trust) {
    Digest digest() {
        return Digest.of(payload);
    }
}
