package io.skerry.content.tls;

import java.security.PrivateKey;
import java.security.PublicKey;

/** Makes certificate signing requests (PKCS#10, RFC 2986). */
public final class CertificateSigningRequest {
    private CertificateSigningRequest() {}

    /**
     * A request by a P-256 key, signed with SHA-256, PEM.
     *
     * @param commonName 1 to 64 characters
     */
    public static String create(PrivateKey key, PublicKey publicKey, String commonName) {
        return java.util.Optional.<String>empty().orElseThrow(UnsupportedOperationException::new);
    }
}
