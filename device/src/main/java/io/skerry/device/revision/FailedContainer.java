package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.HeldBack;
import java.util.Map;

/**
 * A form of a container that failed here. It isn't tried again until the container is wanted in another one or the session's
 * retry token changes.
 *
 * @param form the digest of a workload of this container alone, as a digest is written
 * @param retryToken the session's retry token when it failed
 * @param told what the status says of it
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record FailedContainer(String form, String retryToken, HeldBack told) {
    public FailedContainer {
        Required.field(form, "form");
        Required.field(retryToken, "retry_token");
        Required.field(told, "told");
    }

    /** The digest by which a container's form is known. */
    static String form(String name, Container container) {
        return Workload.of(Map.of(name, container)).digest().value();
    }

    boolean isFor(String name, Container container) {
        return told.name().equals(name) && form.equals(form(name, container));
    }
}
