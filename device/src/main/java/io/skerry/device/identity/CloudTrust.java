package io.skerry.device.identity;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.net.ssl.X509TrustManager;

/**
 * Takes a server for the cloud when its certificate chain ends in the pinned authority, dates judged as {@link TrustedTime}
 * says. The host's name is checked by the TLS engine besides: it does so for trust managers of this plain kind when its
 * parameters ask for it, which {@code java.net.http} always does.
 */
final class CloudTrust implements X509TrustManager {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

    private final X509Certificate authority;
    private final InstantSource time;

    /** @param time what has ended before it has ended for sure */
    CloudTrust(X509Certificate authority, InstantSource time) {
        this.authority = authority;
        this.time = time;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        List<X509Certificate> path =
                Arrays.stream(chain).filter(c -> !c.equals(authority)).toList();
        if (path.isEmpty()) {
            throw new CertificateException("the server showed no certificate of its own");
        }
        List<String> uses = path.getFirst().getExtendedKeyUsage();
        if (uses != null && !uses.contains(SERVER_AUTH)) {
            throw new CertificateException("the server's certificate is not for servers");
        }
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(judgedAt(path)));
            CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
            CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
        } catch (InvalidAlgorithmParameterException e) {
            throw new CertificateException("the pinned authority can't be used", e);
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new CertificateException(
                    "the server's certificate " + path.getFirst().getSubjectX500Principal()
                            + " is not good by this device's authority at " + time.instant() + ": " + e.getMessage(),
                    e);
        }
    }

    /** Now, or the latest beginning in the chain if that is later: see {@link TrustedTime}. */
    private Instant judgedAt(List<X509Certificate> path) {
        Instant at = time.instant();
        for (X509Certificate certificate : path) {
            Instant begins = certificate.getNotBefore().toInstant();
            at = begins.isAfter(at) ? begins : at;
        }
        return at;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a device takes no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[] {authority};
    }
}
