package io.skerry.content.tls;

import io.skerry.spec.Digest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom to trust when it isn't the system's authorities. Host names are checked as the caller's SSL parameters say. */
public final class PinnedAuthority {
    private PinnedAuthority() {}

    /** The SHA-256 of a certificate's DER form, hex. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return Digest.of(certificate.getEncoded()).hex();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    /** Trusts what one certificate authority signed, known only by its {@link #fingerprint}; the peer must send it. */
    public static X509ExtendedTrustManager byFingerprint(String fingerprint) {
        return new FingerprintTrust(fingerprint);
    }

    /** Trusts what this certificate authority signed. */
    public static X509ExtendedTrustManager of(X509Certificate authority) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("authority", authority);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK checks certificates by PKIX", e);
        }
    }
}
