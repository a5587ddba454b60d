package io.skerry.content.signing;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * An Ed25519 public key.
 *
 * @param encoded X.509 SubjectPublicKeyInfo, base64 of the DER form
 * @param keyId the SHA-256 of the DER form, hex
 */
public record VerifyingKey(String encoded, String keyId) {
    /** @throws ProblemException {@code signature.key-malformed} */
    public static VerifyingKey parse(String encoded) {
        byte[] der;
        try {
            der = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw malformed(e);
        }
        publicKey(der);
        return new VerifyingKey(encoded, Digest.of(der).hex());
    }

    static VerifyingKey of(PublicKey key) {
        byte[] der = key.getEncoded();
        return new VerifyingKey(
                Base64.getEncoder().encodeToString(der), Digest.of(der).hex());
    }

    boolean verifies(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(publicKey(Base64.getDecoder().decode(encoded)));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // Also what the JDK throws for a signature of another length: it isn't one of this key.
            return false;
        }
    }

    private static PublicKey publicKey(byte[] der) {
        try {
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw malformed(e);
        }
    }

    private static ProblemException malformed(Exception cause) {
        return new Problem(
                        "signature.key-malformed",
                        "A signing key can't be read: it is not an Ed25519 public key in base64 of its DER form.")
                .asException(cause);
    }
}
