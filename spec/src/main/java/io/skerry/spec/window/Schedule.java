package io.skerry.spec.window;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When a device may change what it runs: by its own windows and by those of what runs on it, which must both be open. Whoever is
 * urgent passes them all until a certain instant.
 *
 * @param zone the IANA name of the time zone by which its windows go
 * @param node the device's own windows
 * @param containers further windows of single containers
 * @param urgentUntil milliseconds since 1970 until which nothing on the device waits for a window; 0 when it isn't urgent
 * @param urgentContainers the same of single containers
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Schedule(
        String zone,
        UpdateWindows node,
        Map<String, UpdateWindows> containers,
        long urgentUntil,
        Map<String, Long> urgentContainers) {
    /** Nothing is restricted. */
    public static final Schedule ALWAYS = new Schedule(Zones.DEFAULT, UpdateWindows.ALWAYS, Map.of(), 0, Map.of());

    /** Two windows that don't meet in this time count as never meeting. */
    private static final Duration HORIZON = Duration.ofDays(400);

    public Schedule {
        Required.field(zone, "zone");
        Required.field(node, "node");
        Required.field(containers, "containers");
        Required.field(urgentContainers, "urgent_containers");
        containers = Collections.unmodifiableMap(new TreeMap<>(containers));
        urgentContainers = Collections.unmodifiableMap(new TreeMap<>(urgentContainers));
    }

    /** Whether nothing ever waits by it. */
    public boolean restrictsNothing() {
        return node.equals(UpdateWindows.ALWAYS) && containers.values().stream().allMatch(UpdateWindows.ALWAYS::equals);
    }

    /** Whether this may be done to this container at this instant. */
    public boolean isOpen(String container, Opening what, Instant at) {
        return opens(container, what, at).filter(at::equals).isPresent();
    }

    /** The earliest instant, not before this one, at which this may be done to this container; nothing when it never may again. */
    public Optional<Instant> opens(String container, Opening what, Instant from) {
        if (from.toEpochMilli() < Math.max(urgentUntil, urgentContainers.getOrDefault(container, 0L))) {
            return Optional.of(from);
        }
        ZoneId where = Zones.known(zone);
        UpdateWindows own = containers.getOrDefault(container, UpdateWindows.ALWAYS);
        Instant last = from.plus(HORIZON);
        Instant at = from;
        while (!at.isAfter(last)) {
            Optional<Instant> here = node.opens(what, at, where);
            Optional<Instant> both = here.flatMap(i -> own.opens(what, i, where));
            if (both.isEmpty() || both.equals(here)) {
                return both;
            }
            at = both.get();
        }
        return Optional.empty();
    }
}
