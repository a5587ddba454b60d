package io.skerry.cloud.tenancy;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The keys that are good, in memory: a call is authenticated without the database, also one with a wrong key. */
final class KnownKeys {
    private final InstantSource time;
    private final Map<String, Caller> byHash = new ConcurrentHashMap<>();
    private final Map<String, Known> byId = new ConcurrentHashMap<>();

    private record Known(String hash, Caller caller) {}

    KnownKeys(InstantSource time) {
        this.time = time;
    }

    /** @param hash of its secret */
    void know(String hash, ApiKey key) {
        Actor actor = key.login().isPresent()
                ? Actor.login(key.apiKeyId(), key.name())
                : Actor.key(key.apiKeyId(), key.name());
        var caller = new Caller(actor, key.customerId(), key.role(), key.nodeId(), key.expiresAt());
        byHash.put(hash, caller);
        byId.put(key.apiKeyId(), new Known(hash, caller));
    }

    /** @return whether it was known */
    boolean forget(String apiKeyId) {
        Optional<Known> known = Optional.ofNullable(byId.remove(apiKeyId));
        known.ifPresent(k -> byHash.remove(k.hash));
        return known.isPresent();
    }

    Set<String> ids() {
        return Set.copyOf(byId.keySet());
    }

    /** Whose secret has this hash, if that is good at this moment. */
    Optional<Caller> ofHash(String hash) {
        return Optional.ofNullable(byHash.get(hash)).filter(this::isGood);
    }

    /** Whether this key was neither revoked nor has it expired. */
    boolean isGood(String apiKeyId) {
        return Optional.ofNullable(byId.get(apiKeyId))
                .filter(k -> isGood(k.caller))
                .isPresent();
    }

    private boolean isGood(Caller caller) {
        return caller.expiresAt().map(at -> time.millis() < at).orElse(true);
    }
}
