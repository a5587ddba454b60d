package io.skerry.device.watch;

import java.time.Duration;

/** Where a loop of the daemon has itself watched. */
@FunctionalInterface
public interface LifeSigns {
    /** Watches nothing. */
    LifeSigns UNWATCHED = (part, limit) -> LifeSign.UNWATCHED;

    /**
     * From now on this part must show signs of life.
     *
     * @param part as it is told to people: "the engine"
     * @param limit how long it may show none; well above what its longest turn takes on a slow machine
     */
    LifeSign expect(String part, Duration limit);
}
