package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import java.util.List;

/** Steps in their order, as they are kept beside the revision for whoever wants to know what was done. */
@Json
public record Plan(List<Step> steps) {
    public static final JsonType<Plan> JSON = Wire.lenient(Plan.class);

    public Plan {
        Required.field(steps, "steps");
        steps = List.copyOf(steps);
    }
}
