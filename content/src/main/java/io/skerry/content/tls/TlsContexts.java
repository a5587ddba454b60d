package io.skerry.content.tls;

import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;

/** Makes TLS contexts. A context keeps its sessions, so a client that wants them resumed keeps the context. */
public final class TlsContexts {
    private TlsContexts() {}

    /** Trusts the system's authorities and shows no certificate. */
    public static SSLContext system() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** Shows no certificate. */
    public static SSLContext trusting(X509TrustManager trust) {
        return context(new KeyManager[0], trust);
    }

    /** Shows a certificate, as client or server. */
    public static SSLContext mutual(X509ExtendedKeyManager keys, X509TrustManager trust) {
        return context(new KeyManager[] {keys}, trust);
    }

    private static SSLContext context(KeyManager[] keys, X509TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
