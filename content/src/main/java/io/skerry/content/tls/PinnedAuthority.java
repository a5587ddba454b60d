package io.skerry.content.tls;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom to trust when it isn't the system's authorities. Host names are checked as the caller's SSL parameters say. */
public final class PinnedAuthority {
    private PinnedAuthority() {}

    /** The SHA-256 of a certificate's DER form, hex. */
    public static String fingerprint(X509Certificate certificate) {
        return java.util.Optional.<String>empty().orElseThrow(UnsupportedOperationException::new);
    }

    /** Trusts what one certificate authority signed, known only by its {@link #fingerprint}; the peer must send it. */
    public static X509ExtendedTrustManager byFingerprint(String fingerprint) {
        return java.util.Optional.<X509ExtendedTrustManager>empty().orElseThrow(UnsupportedOperationException::new);
    }

    /** Trusts what this certificate authority signed. */
    public static X509ExtendedTrustManager of(X509Certificate authority) {
        return java.util.Optional.<X509ExtendedTrustManager>empty().orElseThrow(UnsupportedOperationException::new);
    }
}
