package io.skerry.content.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Makes certificate signing requests (PKCS#10, RFC 2986). */
public final class CertificateSigningRequest {
    /** 2.5.4.3, the common name. */
    private static final byte[] COMMON_NAME = DerWriter.identifier(0x55, 0x04, 0x03);
    /** 1.2.840.10045.4.3.2, ecdsa-with-SHA256. */
    private static final byte[] ECDSA_WITH_SHA256 =
            DerWriter.identifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);

    private CertificateSigningRequest() {}

    /**
     * A request by a P-256 key, signed with SHA-256, PEM.
     *
     * @param key of any provider, also one that never leaves its hardware
     * @param commonName 1 to 64 characters (RFC 5280's bound)
     */
    public static String create(PrivateKey key, PublicKey publicKey, String commonName) {
        if (commonName.isEmpty() || commonName.length() > 64) {
            throw new IllegalArgumentException("a common name has 1 to 64 characters");
        }
        byte[] subject = DerWriter.sequence(DerWriter.set(DerWriter.sequence(COMMON_NAME, DerWriter.utf8(commonName))));
        byte[] information =
                DerWriter.sequence(DerWriter.integer(0), subject, publicKey.getEncoded(), DerWriter.emptyContext(0));
        byte[] request = DerWriter.sequence(
                information, DerWriter.sequence(ECDSA_WITH_SHA256), DerWriter.bits(signature(key, information)));
        return Pem.write("CERTIFICATE REQUEST", request);
    }

    private static byte[] signature(PrivateKey key, byte[] information) {
        try {
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(key);
            signer.update(information);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key can't sign by ECDSA with SHA-256", e);
        }
    }
}
