package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;

/**
 * Which version of which node service a container is.
 *
 * @param id the node service's id
 * @param name the node service's name
 * @param version a whole number, 1 for the first import
 */
@Json
public record ServiceVersion(String id, String name, long version) {
    public ServiceVersion {
        Required.field(id, "id");
        Required.field(name, "name");
    }
}
