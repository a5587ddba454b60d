package io.skerry.cloud.login;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.cloud.config.SealingKeys;
import io.skerry.cloud.tenancy.Secrets;
import io.skerry.spec.JsonMappers;
import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * A login on its way to the provider and back. It is kept by the browser that began it, sealed: so it holds nothing here, any replica
 * can go on with it, and no other browser can.
 *
 * @param state what the provider gives back
 * @param nonce what it puts into the ID token
 * @param verifier of PKCE
 * @param customer whose things are wanted, by name or id
 * @param program that waits for the end; empty: the browser itself is to be logged in
 * @param until milliseconds since 1970
 */
@Json
record Pending(
        String state, String nonce, String verifier, Optional<String> customer, Optional<Program> program, long until) {
    static final Duration LIFE = Duration.ofMinutes(10);

    private static final JsonType<Pending> JSON = JsonMappers.mapper().build().type(Pending.class);
    private static final String PLACE = "pending login";
    private static final int LONGEST = 4096;

    static Pending begun(
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customer,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<Program> program,
            SecureRandom random,
            long now) {
        return new Pending(
                Secrets.make(random),
                Secrets.make(random),
                Secrets.make(random),
                customer,
                program,
                now + LIFE.toMillis());
    }

    String sealed(SealingKeys keys) {
        return keys.seal(JSON.toJsonBytes(this), PLACE);
    }

    /** The one that was sealed; nothing when it wasn't sealed here or its time is over. */
    static Optional<Pending> opened(String sealed, SealingKeys keys, long now) {
        if (sealed.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.fromJson(keys.open(sealed, PLACE))).filter(p -> now < p.until());
        } catch (ProblemException e) {
            return Optional.empty();
        }
    }

    /** Whether this is what the provider was given. */
    boolean isState(String given) {
        return MessageDigest.isEqual(state.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Pending[until=" + until + "]";
    }
}
