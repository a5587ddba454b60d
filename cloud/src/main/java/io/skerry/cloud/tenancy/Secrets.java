package io.skerry.cloud.tenancy;

import io.skerry.spec.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** Secrets of 256 random bits: made, and known again by their hash alone. */
public final class Secrets {
    private static final int BYTES = 32;

    private Secrets() {}

    /** 43 characters of base64url. */
    public static String make(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What is kept of a secret: 64 hex digits. No salt and no stretching, for there is nothing to guess in 256 bits. */
    public static String hash(String secret) {
        return Digest.of(secret.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
