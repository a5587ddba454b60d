package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;

/**
 * The workload that failed last through no one container. It isn't tried again as a whole until it differs or the session's retry
 * token does.
 *
 * @param workload its digest, as a digest is written
 * @param retryToken the token with which it failed
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record FailedWorkload(String workload, String retryToken) {
    // Not a Digest: the JSON generator would make an adapter of its own for it in this module, and that one would be
    // taken for
    // the desired state's digests too.

    static final JsonType<FailedWorkload> JSON = Wire.lenient(FailedWorkload.class);

    public FailedWorkload {
        Required.field(workload, "workload");
        Required.field(retryToken, "retry_token");
    }
}
