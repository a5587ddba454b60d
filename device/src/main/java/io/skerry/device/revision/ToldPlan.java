package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Problem;
import io.skerry.spec.Wire;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.WindowWaits.Wait;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link PlanPreview} for programs.
 *
 * @param steps what would be done at once
 * @param windows which windows keep the rest waiting
 * @param afterwards what would be done once these are open
 * @param locked how many seconds were waited for each container that holds its update lock
 * @param lacking what waits for room, the disk or the machine
 * @param obstacle why nothing of the wanted can be fetched for now
 */
@Json
public record ToldPlan(
        List<Step> steps,
        List<Wait> windows,
        List<Step> afterwards,
        Map<String, Long> locked,
        List<HeldBack> lacking,
        Optional<Problem> obstacle) {
    public static final JsonType<ToldPlan> JSON = Wire.lenient(ToldPlan.class);

    public static ToldPlan of(PlanPreview preview) {
        return new ToldPlan(
                preview.plan().steps(),
                preview.windows(),
                preview.afterwards().steps(),
                preview.locked(),
                preview.lacking(),
                preview.obstacle());
    }
}
