package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/**
 * The API key that a person's login is.
 *
 * @param apiKey a secret
 * @param name the person's
 * @param expiresAt milliseconds since 1970
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record PersonsKey(String apiKey, String name, long expiresAt) {
    @Override
    public String toString() {
        return "PersonsKey[name=" + name + "]";
    }
}
