package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import java.util.List;

/** Steps in their order; those that prepare come first. */
@Json
public record Plan(List<Step> steps) {
    public static final JsonType<Plan> JSON = Wire.lenient(Plan.class);
    static final Plan NOTHING = new Plan(List.of());

    public Plan {
        Required.field(steps, "steps");
        steps = List.copyOf(steps);
    }

    /** What is done while everything old runs. */
    List<Step> preparing() {
        return steps.stream().filter(Step::preparing).toList();
    }

    /**
     * What changes what runs, and watches it; a volume that was made while preparing and is gone is made again. The commit is
     * whoever's who learns that all of this went well.
     */
    List<Step> switching() {
        return steps.stream()
                .filter(s -> switch (s) {
                    case Step.Reserve _, Step.Fetch _, Step.Unpack _, Step.Commit _, Step.Collect _ -> false;
                    case Step.CreateVolume _,
                            Step.AwaitLock _,
                            Step.RunHook _,
                            Step.Stop _,
                            Step.Snapshot _,
                            Step.Restore _,
                            Step.Reboot _,
                            Step.ConfigureNetwork _,
                            Step.Start _,
                            Step.Reach _,
                            Step.Check _ -> true;
                })
                .toList();
    }

    /** Those of these steps that aren't in another plan. */
    Plan without(Plan other) {
        return new Plan(steps.stream().filter(s -> !other.steps.contains(s)).toList());
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }
}
