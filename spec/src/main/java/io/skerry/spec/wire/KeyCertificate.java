package io.skerry.spec.wire;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;

/**
 * A root's word that a key may sign for a customer. It travels as the payload of an {@link Envelope} signed by a root that
 * the device already trusts.
 *
 * @param customer the customer for whom the key signs
 * @param use what it may sign
 * @param keyId the SHA-256 of the public key's DER form, as a digest's 64 hex digits
 * @param publicKey the Ed25519 public key as X.509 SubjectPublicKeyInfo, base64 of the DER form
 * @param generation grows by one with each replacement; a device never goes back to a lower one
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record KeyCertificate(String customer, Use use, String keyId, String publicKey, long generation) {
    public KeyCertificate {
        Required.field(customer, "customer");
        Required.field(use, "use");
        Required.field(keyId, "key_id");
        Required.field(publicKey, "public_key");
    }

    /** The payload type of its envelope. */
    public static final String PAYLOAD_TYPE = "application/vnd.skerry.key-certificate.v1+json";

    /** What a key may sign. */
    public enum Use {
        /** Further key certificates: a root. */
        ROOT("root"),
        /** Desired states. */
        DESIRED_STATE("desired-state");

        private final String word;

        Use(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }
    }
}
