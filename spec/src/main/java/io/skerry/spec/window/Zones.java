package io.skerry.spec.window;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.time.ZoneId;

/** Time zones by the names that IANA gives them. */
public final class Zones {
    /** Where nothing is said. */
    public static final String DEFAULT = "UTC";

    private Zones() {}

    /**
     * The zone of this name.
     *
     * @throws io.skerry.spec.ProblemException {@code zone.unknown}
     */
    public static ZoneId checked(String name) {
        if (!isKnown(name)) {
            throw new Problem(
                            "zone.unknown",
                            "There is no time zone '" + Text.shortened(name, 40) + "'.",
                            "Use a name of the IANA time zone database, such as Europe/Berlin.")
                    .asException();
        }
        return ZoneId.of(name);
    }

    /** The zone of this name or, where the database is too old to have it, UTC. */
    public static ZoneId known(String name) {
        return isKnown(name) ? ZoneId.of(name) : ZoneId.of(DEFAULT);
    }

    public static boolean isKnown(String name) {
        return ZoneId.getAvailableZoneIds().contains(name);
    }
}
