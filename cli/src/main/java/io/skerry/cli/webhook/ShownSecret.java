package io.skerry.cli.webhook;

import io.avaje.jsonb.Json;

/** What a script reads when a webhook gets a secret. */
@Json(naming = Json.Naming.LowerUnderscore)
record ShownSecret(String name, String secret) {
    @Override
    public String toString() {
        return "ShownSecret[name=" + name + "]";
    }
}
