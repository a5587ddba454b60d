package io.skerry.spec.wire;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.List;

/**
 * The body of {@code GET /device/v1/desired-state}.
 *
 * @param document a {@link io.skerry.spec.desired.DesiredState}, signed by a customer's signing key
 * @param keys envelopes of {@link KeyCertificate}s, in the order in which they are to be checked: each is signed by the
 *     device's pinned root or by a root that stands before it in the list
 */
@Json
public record SignedDesiredState(Envelope document, List<Envelope> keys) {
    /** The payload type of the document's envelope. */
    public static final String PAYLOAD_TYPE = "application/vnd.skerry.desired-state.v1+json";

    public SignedDesiredState {
        Required.field(document, "document");
        Required.field(keys, "keys");
        keys = List.copyOf(keys);
    }
}
