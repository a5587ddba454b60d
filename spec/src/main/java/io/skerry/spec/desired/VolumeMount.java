package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.Optional;

/**
 * A directory that outlives the container and belongs to this one instance.
 *
 * @param source the volume's name
 * @param target the absolute path inside the container
 * @param care what is to be done about its content in an update; empty: nothing
 */
@Json
public record VolumeMount(String source, String target, Optional<Care> care) {
    public VolumeMount {
        Required.field(source, "source");
        Required.field(target, "target");
        Required.field(care, "care");
    }

    /** A volume without any care. */
    public static VolumeMount of(String source, String target) {
        return new VolumeMount(source, target, Optional.empty());
    }

    /** Whether two containers may write to it at once. */
    public boolean shareable() {
        return care.filter(Care::shareable).isPresent();
    }

    /** Whether its content goes back with a revision that is rolled back. */
    public boolean snapshot() {
        return care.filter(Care::snapshot).isPresent();
    }

    /**
     * What is to be done about a volume's content in an update.
     *
     * @param shareable that old and new container may have it at once
     * @param snapshot that it is kept as it was between the old and the new program, and put back when the new one's revision
     *     is rolled back
     */
    @Json
    public record Care(boolean shareable, boolean snapshot) {}
}
