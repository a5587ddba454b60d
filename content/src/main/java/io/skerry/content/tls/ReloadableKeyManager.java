package io.skerry.content.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows one identity, which may be replaced while servers and clients use it: handshakes from then on show the new one. Safe
 * for use by several threads.
 */
public final class ReloadableKeyManager extends X509ExtendedKeyManager {
    /** An alias names its identity, so that key and chain of one handshake belong together over a replacement. */
    private record Current(String alias, TlsIdentity identity) {}

    private volatile Current current;
    private volatile Current previous;

    public ReloadableKeyManager(TlsIdentity identity) {
        this.current = new Current("1", identity);
        this.previous = current;
    }

    /** Calls must not overlap. */
    public void replace(TlsIdentity identity) {
        previous = current;
        current = new Current(String.valueOf(Long.parseLong(current.alias()) + 1), identity);
    }

    public TlsIdentity identity() {
        return current.identity();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return aliasFor(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return aliasFor(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return aliasFor(keyTypes);
    }

    @Override
    public @Nullable String chooseServerAlias(
            @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return aliasFor(keyType);
    }

    @Override
    public String @Nullable [] getClientAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        TlsIdentity identity = byAlias(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        TlsIdentity identity = byAlias(alias);
        return identity == null ? null : identity.key();
    }

    private @Nullable TlsIdentity byAlias(@Nullable String alias) {
        Current now = current;
        Current before = previous;
        if (now.alias().equals(alias)) {
            return now.identity();
        }
        return before.alias().equals(alias) ? before.identity() : null;
    }

    private String @Nullable [] aliases(@Nullable String keyType) {
        String alias = aliasFor(keyType);
        return alias == null ? null : new String[] {alias};
    }

    private @Nullable String aliasFor(@Nullable String @Nullable ... keyTypes) {
        Current now = current;
        if (keyTypes == null) {
            return null;
        }
        for (String type : keyTypes) {
            // JSSE also asks for types such as EC_EC (key and issuer) and EdDSA.
            if (type != null && (type + "_").startsWith(now.identity().key().getAlgorithm() + "_")) {
                return now.alias();
            }
        }
        return null;
    }
}
