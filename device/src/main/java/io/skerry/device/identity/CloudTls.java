package io.skerry.device.identity;

import io.skerry.content.tls.ReloadableKeyManager;
import io.skerry.content.tls.TlsContexts;
import javax.net.ssl.SSLContext;

/** The device's side of mutual TLS with its cloud: one context for the daemon's life, so that sessions are resumed. */
public final class CloudTls {
    private final ReloadableKeyManager keys;
    private final SSLContext context;

    public CloudTls(DeviceIdentity identity, TrustedTime time) {
        keys = new ReloadableKeyManager(identity.tls());
        context = TlsContexts.mutual(keys, new CloudTrust(identity.authority(), time::proven));
    }

    public SSLContext context() {
        return context;
    }

    /** Handshakes from now on show what the identity is now. */
    void show(DeviceIdentity identity) {
        keys.replace(identity.tls());
    }
}
