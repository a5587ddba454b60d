package io.skerry.spec.window;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import io.skerry.spec.Required;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Several windows together: open whenever one of them is.
 *
 * @param daily those that recur
 * @param scheduled those that open once
 */
@Json
public record Windows(List<DailyWindow> daily, List<ScheduledWindow> scheduled) {
    /** How many there may be of either kind. */
    public static final int MOST = 32;

    /** @throws io.skerry.spec.ProblemException {@code window.never-opens}, {@code window.too-many} */
    public Windows {
        Required.field(daily, "daily");
        Required.field(scheduled, "scheduled");
        daily = List.copyOf(daily);
        scheduled = List.copyOf(scheduled);
        if (daily.isEmpty() && scheduled.isEmpty()) {
            throw new Problem(
                            "window.never-opens",
                            "Without a single window nothing would ever be open.",
                            "Name a window, or leave the windows out, which is open always.")
                    .asException();
        }
        if (daily.size() > MOST || scheduled.size() > MOST) {
            throw new Problem(
                            "window.too-many",
                            "There are more than " + MOST + " windows of one kind.",
                            "Put some of them together; a daily window can open on several days.")
                    .asException();
        }
    }

    /** Whether it is open at this instant where the clocks go by this zone. */
    public boolean isOpen(Instant at, ZoneId zone) {
        return opens(at, zone).filter(at::equals).isPresent();
    }

    /** The earliest instant, not before this one, at which it is open; nothing when it never is again. */
    public Optional<Instant> opens(Instant from, ZoneId zone) {
        return Stream.concat(
                        daily.stream().map(w -> w.opens(from, zone)),
                        scheduled.stream().map(w -> w.opens(from)))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }
}
