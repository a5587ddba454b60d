package io.skerry.spec.window;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import io.skerry.spec.Required;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/**
 * A window that opens on certain days of the week, by the clock on the wall where the device is.
 *
 * <p>The rule for nights on which that clock is set: a start or an end that the clock skips is the moment of the skip; of one that
 * the clock shows twice, a start is the first and an end the second. So a window with an end that is skipped whole stays
 * closed that day, and one with a length is as long as ever.
 *
 * @param days on which it opens; one that goes over midnight belongs to the day on which it opens
 * @param start when it opens
 * @param end when it closes: on the next day when it isn't after the start, so that equal ones mean a whole day
 * @param minutes instead of the end, how long it stays open, at most a day
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record DailyWindow(List<DayOfWeek> days, LocalTime start, Optional<LocalTime> end, Optional<Integer> minutes) {
    private static final int DAY = (int) Duration.ofDays(1).toMinutes();

    /** Beyond a week, for days on which the clock skips the whole window. */
    private static final int AHEAD = 22;

    /** @throws io.skerry.spec.ProblemException {@code window.never-opens}, {@code window.malformed} */
    public DailyWindow {
        Required.field(days, "days");
        Required.field(start, "start");
        Required.field(end, "end");
        Required.field(minutes, "minutes");
        days = List.copyOf(days);
        if (days.isEmpty()) {
            throw new Problem(
                            "window.never-opens",
                            "The daily window from " + start + " has no day of the week, so it never opens.",
                            "Name a day at least.")
                    .asException();
        }
        if (end.isPresent() == minutes.isPresent()) {
            throw new Problem(
                            "window.malformed",
                            "The daily window from " + start + " needs either an end or a length.",
                            "Give one of end and minutes.")
                    .asException();
        }
        if (minutes.filter(m -> m < 1 || m > DAY).isPresent()) {
            throw new Problem(
                            "window.malformed",
                            "The daily window from " + start + " can't be " + minutes.get() + " minutes long.",
                            "Give 1 to " + DAY + " minutes; several days take several windows.")
                    .asException();
        }
    }

    /** The earliest instant, not before this one, at which it is open. */
    Optional<Instant> opens(Instant from, ZoneId zone) {
        LocalDate today = LocalDate.ofInstant(from, zone);
        for (int day = -2; day < AHEAD; day++) {
            LocalDate date = today.plusDays(day);
            Span span = span(date, zone.getRules());
            if (days.contains(date.getDayOfWeek())
                    && !span.isEmpty()
                    && span.until().isAfter(from)) {
                return Optional.of(span.from().isAfter(from) ? span.from() : from);
            }
        }
        return Optional.empty();
    }

    /** When it would be open that opens on this day, if it opens on it. */
    private Span span(LocalDate date, ZoneRules rules) {
        Instant from = instant(date.atTime(start), rules, true);
        Instant until = end.map(e -> instant((e.isAfter(start) ? date : date.plusDays(1)).atTime(e), rules, false))
                .orElseGet(() -> from.plus(Duration.ofMinutes(minutes.orElse(0))));
        return new Span(from, until);
    }

    private static Instant instant(LocalDateTime local, ZoneRules rules, boolean first) {
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        if (offsets.isEmpty()) {
            ZoneOffsetTransition skip = rules.getTransition(local);
            return skip.getInstant();
        }
        return local.toInstant(first ? offsets.getFirst() : offsets.getLast());
    }
}
