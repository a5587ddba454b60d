package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;

/**
 * The workload that failed last. It isn't tried again until another one is wanted or an operator changes the retry token.
 *
 * @param workload its digest
 * @param retryToken the token with which it failed
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record FailedWorkload(Digest workload, String retryToken) {
    static final JsonType<FailedWorkload> JSON = Wire.lenient(FailedWorkload.class);

    public FailedWorkload {
        Required.field(workload, "workload");
        Required.field(retryToken, "retry_token");
    }
}
