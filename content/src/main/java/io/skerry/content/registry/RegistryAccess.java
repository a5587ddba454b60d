package io.skerry.content.registry;

import java.util.Optional;

/**
 * How to speak to a registry.
 *
 * @param credentials for the registry that a reference names and for its https token realm, nobody else
 * @param plainHttp whether the registry is spoken to without TLS
 */
public record RegistryAccess(Optional<Credentials> credentials, boolean plainHttp) {
    public static RegistryAccess anonymous() {
        return new RegistryAccess(Optional.empty(), false);
    }

    public static RegistryAccess as(Credentials credentials) {
        return new RegistryAccess(Optional.of(credentials), false);
    }

    public RegistryAccess overPlainHttp() {
        return new RegistryAccess(credentials, true);
    }
}
