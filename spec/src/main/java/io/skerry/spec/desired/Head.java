package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;

/**
 * For whom a desired state is and how new it is.
 *
 * @param version {@link DesiredState#DOCUMENT_VERSION} of the document's form
 * @param customer the customer whose signing key signed it
 * @param node the one device that may follow it
 * @param position how new it is
 * @param notAfter until when the session half counts, in milliseconds since 1970; the workload has no end
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Head(int version, String customer, String node, Position position, long notAfter) {
    public Head {
        Required.field(customer, "customer");
        Required.field(node, "node");
        Required.field(position, "position");
    }
}
