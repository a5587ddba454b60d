package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;

/**
 * A directory that outlives the container and belongs to this one instance.
 *
 * @param source the volume's name
 * @param target the absolute path inside the container
 */
@Json
public record VolumeMount(String source, String target) {
    public VolumeMount {
        Required.field(source, "source");
        Required.field(target, "target");
    }
}
