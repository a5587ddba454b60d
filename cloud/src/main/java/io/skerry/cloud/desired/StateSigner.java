package io.skerry.cloud.desired;

import io.skerry.spec.desired.DesiredState;

/** Signs what devices are told. */
public interface StateSigner {
    /**
     * The body that a device gets: a {@link io.skerry.spec.wire.SignedDesiredState} as JSON, signed by the customer's
     * signing key. Quick enough to be called while the database waits.
     */
    byte[] sign(DesiredState state);
}
