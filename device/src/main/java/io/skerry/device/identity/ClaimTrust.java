package io.skerry.device.identity;

import io.skerry.spec.Digest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import javax.net.ssl.X509TrustManager;

/** For the first connection: takes as authority the certificate in the server's chain that the claim token names. */
final class ClaimTrust implements X509TrustManager {
    private final String fingerprint;
    private final InstantSource time;

    ClaimTrust(String fingerprint, InstantSource time) {
        this.fingerprint = fingerprint;
        this.time = time;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        for (X509Certificate certificate : chain) {
            if (is(certificate)) {
                new CloudTrust(certificate, time).checkServerTrusted(chain, authType);
                return;
            }
        }
        throw new CertificateException("the server's certificate is not by the authority that the claim token names");
    }

    boolean is(X509Certificate certificate) throws CertificateEncodingException {
        return Digest.of(certificate.getEncoded()).hex().equals(fingerprint);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a device takes no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
