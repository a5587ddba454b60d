package io.skerry.content.tls;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as text (RFC 7468). Nothing of a private key is ever in a message. */
public final class Pem {
    private static final int MOST_CHARACTERS = 1024 * 1024;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

    private Pem() {}

    /** One block. */
    public static String write(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** The certificates, one block each. */
    public static String write(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                text.append(write("CERTIFICATE", certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read can be written", e);
            }
        }
        return text.toString();
    }

    /** The private key as PKCS#8. */
    public static String write(PrivateKey key) {
        return write("PRIVATE KEY", key.getEncoded());
    }

    /**
     * All certificates in the text, in its order; at least one.
     *
     * @throws ProblemException {@code pem.malformed}
     */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] der : blocks(text, "CERTIFICATE")) {
            try {
                certificates.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            } catch (GeneralSecurityException e) {
                throw malformed("certificate", e);
            }
        }
        return certificates;
    }

    /**
     * The first private key in the text.
     *
     * @param algorithm as Java names it: {@code EC}, {@code Ed25519}
     * @throws ProblemException {@code pem.malformed}
     */
    public static PrivateKey privateKey(String text, String algorithm) {
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(blocks(text, "PRIVATE KEY").getFirst()));
        } catch (GeneralSecurityException e) {
            throw malformed("private key", e);
        }
    }

    /**
     * The first public key in the text.
     *
     * @param algorithm as Java names it: {@code EC}, {@code Ed25519}
     * @throws ProblemException {@code pem.malformed}
     */
    public static PublicKey publicKey(String text, String algorithm) {
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePublic(
                            new X509EncodedKeySpec(blocks(text, "PUBLIC KEY").getFirst()));
        } catch (GeneralSecurityException e) {
            throw malformed("public key", e);
        }
    }

    /**
     * The DER form of all blocks with this label; at least one.
     *
     * @throws ProblemException {@code pem.malformed}
     */
    public static List<byte[]> blocks(String text, String label) {
        if (text.length() > MOST_CHARACTERS) {
            throw new Problem("pem.malformed", "A PEM text is longer than " + MOST_CHARACTERS + " characters.")
                    .asException();
        }
        List<byte[]> blocks = new ArrayList<>();
        Matcher m = BLOCK.matcher(text);
        while (m.find()) {
            if (m.group(1).equals(label)) {
                try {
                    blocks.add(Base64.getMimeDecoder().decode(m.group(2).getBytes(StandardCharsets.US_ASCII)));
                } catch (IllegalArgumentException e) {
                    throw malformed(label, e);
                }
            }
        }
        if (blocks.isEmpty()) {
            throw new Problem(
                            "pem.malformed",
                            "There is no " + label + " in a PEM text.",
                            "It should have a block that begins with -----BEGIN " + label + "-----.")
                    .asException();
        }
        return blocks;
    }

    private static ProblemException malformed(String what, Exception cause) {
        return new Problem("pem.malformed", "A " + what + " in a PEM text can't be read.").asException(cause);
    }
}
