package io.skerry.cloud.web;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets every client certificate through the handshake: whether it is one of ours, and still good, is judged with the request,
 * so that a device that is turned away reads why, and an expired one can be renewed. TLS still proves that the client has
 * the certificate's key.
 *
 * <p>Counts full handshakes; a resumed session doesn't come by here.
 */
final class DeviceTrust extends X509ExtendedTrustManager {
    private final X509Certificate authority;
    private final LongAdder fullHandshakes = new LongAdder();

    DeviceTrust(X509Certificate authority) {
        this.authority = authority;
    }

    long fullHandshakes() {
        return fullHandshakes.sum();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        fullHandshakes.increment();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
        fullHandshakes.increment();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
        fullHandshakes.increment();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw notAClient();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw notAClient();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notAClient();
    }

    private static CertificateException notAClient() {
        return new CertificateException("this side is never a client");
    }

    /** Tells clients which of their certificates to show. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[] {authority};
    }
}
