package io.skerry.content.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Finds the authority of the given fingerprint in the chain that the server sent, and has the JDK check the rest. */
final class FingerprintTrust extends X509ExtendedTrustManager {
    private final String fingerprint;

    FingerprintTrust(String fingerprint) {
        this.fingerprint = fingerprint;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checker(chain).checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checker(chain).checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checker(chain).checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw serversOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw serversOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw serversOnly();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private X509ExtendedTrustManager checker(X509Certificate[] chain) throws CertificateException {
        X509Certificate authority = Arrays.stream(chain)
                .filter(c -> PinnedAuthority.fingerprint(c).equals(fingerprint))
                .findFirst()
                .orElseThrow(() -> new CertificateException(
                        "the server's certificate is not from the expected authority (SHA-256 " + fingerprint + ")"));
        if (authority.getBasicConstraints() < 0) {
            throw new CertificateException("the certificate with the expected fingerprint is not an authority's");
        }
        return PinnedAuthority.of(authority);
    }

    private static CertificateException serversOnly() {
        return new CertificateException("a fingerprint says nothing about clients");
    }
}
