package io.skerry.spec.desired;

import io.avaje.jsonb.JsonType;
import io.skerry.spec.Wire;

/** The JSON of this package's documents. */
public final class Documents {
    public static final JsonType<DesiredState> DESIRED_STATE = Wire.strict(DesiredState.class);
    public static final JsonType<Workload> WORKLOAD = Wire.strict(Workload.class);

    private Documents() {}
}
