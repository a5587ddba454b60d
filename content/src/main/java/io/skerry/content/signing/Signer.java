package io.skerry.content.signing;

/** Signs by one Ed25519 key. */
public interface Signer {
    /** Of the key, as {@link VerifyingKey#keyId} gives it. */
    String keyId();

    /** The signature of these bytes, 64 bytes (RFC 8032). */
    byte[] sign(byte[] message);
}
