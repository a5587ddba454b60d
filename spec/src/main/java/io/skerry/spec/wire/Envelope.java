package io.skerry.spec.wire;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.List;

/**
 * Signed bytes in the JSON form of DSSE 1.0 (secure-systems-lab, "DSSE: Dead Simple Signing Envelope").
 *
 * @param payloadType what the payload is, a media type
 * @param payload the signed bytes, base64
 * @param signatures over DSSE's pre-authentication encoding of type and payload
 */
@Json
public record Envelope(String payloadType, String payload, List<Signature> signatures) {
    public Envelope {
        Required.field(payloadType, "payloadType");
        Required.field(payload, "payload");
        Required.field(signatures, "signatures");
        signatures = List.copyOf(signatures);
    }

    /**
     * One signature.
     *
     * @param keyid {@link KeyCertificate#keyId()} of the key that made it
     * @param sig the Ed25519 signature, base64
     */
    @Json
    public record Signature(String keyid, String sig) {
        public Signature {
            Required.field(keyid, "keyid");
            Required.field(sig, "sig");
        }
    }
}
