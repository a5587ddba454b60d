package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.window.Opening;
import io.skerry.spec.window.Schedule;
import io.skerry.spec.window.Zones;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** By which windows the device goes, as it was told last. For the engine's thread, but for {@link #follow}. */
final class OpenTimes {
    private final RevisionStore store;
    private final Hands hands;
    private final Supplier<Optional<Instant>> time;
    private final Duration later;
    private volatile Schedule schedule;

    /**
     * @param time what time it is, if that is known
     * @param later how long after the opening of a window for fetching it is looked for: another while on each device, so that not all
     *     of a fleet begin at once
     */
    OpenTimes(RevisionStore store, Hands hands, Supplier<Optional<Instant>> time, Duration later) {
        this.later = later;
        this.store = store;
        this.hands = hands;
        this.time = time;
        this.schedule = store.schedule();
    }

    /**
     * The windows from now on. They are on the disk when this returns: a daemon that starts may act before the session is heard
     * of again.
     *
     * @return whether they are others
     */
    boolean follow(Schedule told) {
        if (told.equals(schedule)) {
            return false;
        }
        store.keepSchedule(told);
        schedule = told;
        return true;
    }

    /** What the windows let be aimed at now of what can be had. */
    Admission admission(Workload wanted, Workload committed, Optional<Workload> begun, Workload preparing) {
        Admission.Device device = new Admission.Device(
                committed,
                begun,
                preparing,
                c -> hands.images().isSound(c.image().manifest())
                        || hands.images().fetched(c.image()));
        return Admission.of(wanted, device, schedule, time.get());
    }

    /** How long it is until the first window opens that is waited for, as far as that is known. */
    Optional<Duration> untilOpening(Admission admission) {
        return time.get()
                .flatMap(now -> admission.waits().stream()
                        .flatMap(w -> w.opens().map(opens -> until(opens, w.window(), now)).stream())
                        .min(Duration::compareTo));
    }

    private Duration until(long opens, Opening window, Instant now) {
        Duration until = Duration.ofMillis(opens - now.toEpochMilli());
        return window == Opening.FETCH ? until.plus(later) : until;
    }

    /** What is wrong with the windows here. */
    List<Problem> problems() {
        return Zones.isKnown(schedule.zone())
                ? List.of()
                : List.of(new Problem(
                        "zone.unknown",
                        "This device doesn't know the time zone '" + schedule.zone()
                                + "', so its update windows go by UTC.",
                        "Update the device's daemon, or give the device another time zone."));
    }
}
