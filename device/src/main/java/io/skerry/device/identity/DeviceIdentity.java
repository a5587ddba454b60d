package io.skerry.device.identity;

import io.skerry.content.tls.TlsIdentity;
import java.security.cert.X509Certificate;

/** The device's identity, wherever its key and certificate are kept. Safe for use by several threads. */
public interface DeviceIdentity {
    /** Who the device is. */
    Membership membership();

    /** Key and certificate chain, as they are now. */
    TlsIdentity tls();

    /** The certificate authority by which the cloud is known. */
    X509Certificate authority();

    /** A new certificate signing request by the device's key, PEM. */
    String signingRequest();

    /**
     * Shows this certificate from now on; kept durably.
     *
     * @param chain PEM
     * @throws io.skerry.spec.ProblemException {@code identity.…} when it isn't for the device's key; the old one stays
     */
    void renew(String chain);
}
