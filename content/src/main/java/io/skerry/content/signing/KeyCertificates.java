package io.skerry.content.signing;

import io.skerry.spec.wire.Envelope;
import io.skerry.spec.wire.KeyCertificate;
import io.skerry.spec.wire.Messages;

/** Makes a root's words about other keys. */
public final class KeyCertificates {
    private KeyCertificates() {}

    /** The root's word that this key may sign for the customer. */
    public static Envelope certify(
            SigningKey root, String customer, KeyCertificate.Use use, VerifyingKey key, long generation) {
        KeyCertificate certificate = new KeyCertificate(customer, use, key.keyId(), key.encoded(), generation);
        return Dsse.sign(KeyCertificate.PAYLOAD_TYPE, Messages.KEY_CERTIFICATE.toJsonBytes(certificate), root);
    }
}
