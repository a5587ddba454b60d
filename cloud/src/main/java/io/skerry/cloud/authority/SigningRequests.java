package io.skerry.cloud.authority;

import io.skerry.content.tls.Pem;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/** Devices' certificate signing requests (PKCS#10, RFC 2986). Of what they say only the key is used. */
public final class SigningRequests {
    private static final int MOST_CHARACTERS = 16 * 1024;

    private SigningRequests() {}

    /**
     * The P-256 key that the request is for and was signed with.
     *
     * @throws ProblemException {@code csr.malformed}, {@code csr.key-unsupported}, {@code csr.signature-wrong}
     */
    public static PublicKey key(String pem) {
        PKCS10CertificationRequest request = parse(pem);
        SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
        if (!info.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                || !(info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)
                || !curve.equals(SECObjectIdentifiers.secp256r1)) {
            throw new Problem(
                            "csr.key-unsupported",
                            "The certificate signing request is for a key that isn't on the curve P-256.",
                            "Make it for an EC key on P-256 (prime256v1).")
                    .asException();
        }
        try {
            PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw wrongSignature().asException();
            }
            return key;
        } catch (GeneralSecurityException | IOException e) {
            throw malformed(e);
        } catch (OperatorCreationException | PKCSException e) {
            throw wrongSignature().asException(e);
        }
    }

    private static PKCS10CertificationRequest parse(String pem) {
        if (pem.length() > MOST_CHARACTERS) {
            throw malformed(new IOException("longer than " + MOST_CHARACTERS + " characters"));
        }
        try {
            String label =
                    pem.contains("BEGIN NEW CERTIFICATE REQUEST") ? "NEW CERTIFICATE REQUEST" : "CERTIFICATE REQUEST";
            return new PKCS10CertificationRequest(Pem.blocks(pem, label).getFirst());
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle also throws unchecked exceptions of many kinds for hostile bytes.
            throw malformed(e);
        }
    }

    private static Problem wrongSignature() {
        return new Problem(
                "csr.signature-wrong",
                "The certificate signing request isn't signed by the key that it is for.",
                "Sign it with that very key, ECDSA with SHA-256.");
    }

    private static ProblemException malformed(Exception cause) {
        return new Problem(
                        "csr.malformed",
                        "The certificate signing request can't be read.",
                        "Send one in PEM: PKCS#10, between BEGIN and END CERTIFICATE REQUEST.")
                .asException(cause);
    }
}
