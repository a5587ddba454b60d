package io.skerry.cloud.graphql;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import io.skerry.spec.window.DailyWindow;
import io.skerry.spec.window.ScheduledWindow;
import io.skerry.spec.window.UpdateWindows;
import io.skerry.spec.window.Windows;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Windows as a call gives them. */
final class WindowsInput {
    private static final Pattern TIME = Pattern.compile("[0-9]{2}:[0-9]{2}");

    private WindowsInput() {}

    /** @throws io.skerry.spec.ProblemException {@code window.malformed}, {@code window.never-opens}, {@code window.too-many} */
    static UpdateWindows parsed(Map<String, @Nullable Object> given) {
        return new UpdateWindows(windows(given.get("fetching")), windows(given.get("switching")));
    }

    private static Optional<Windows> windows(@Nullable Object given) {
        return given instanceof Map<?, ?> fields
                ? Optional.of(new Windows(
                        list(fields.get("daily")).stream()
                                .map(WindowsInput::daily)
                                .toList(),
                        list(fields.get("scheduled")).stream()
                                .map(WindowsInput::scheduled)
                                .toList()))
                : Optional.empty();
    }

    private static List<Map<?, ?>> list(@Nullable Object given) {
        List<?> all = given instanceof List<?> list ? list : List.of();
        if (all.size() > Windows.MOST) {
            throw new Problem(
                            "window.too-many",
                            "There are " + all.size() + " windows of one kind.",
                            "Give at most " + Windows.MOST + "; a daily window can open on several days.")
                    .asException();
        }
        return all.stream().<Map<?, ?>>map(one -> (Map<?, ?>) one).toList();
    }

    private static DailyWindow daily(Map<?, ?> given) {
        List<DayOfWeek> days = given.get("days") instanceof List<?> some
                ? some.stream()
                        .map(d -> DayOfWeek.valueOf(String.valueOf(d)))
                        .distinct()
                        .sorted()
                        .toList()
                : List.of(DayOfWeek.values());
        return new DailyWindow(
                days,
                time(String.valueOf(given.get("start"))),
                Optional.ofNullable(given.get("end")).map(e -> time(e.toString())),
                Optional.ofNullable(given.get("minutes")).map(m -> ((Number) m).intValue()));
    }

    private static ScheduledWindow scheduled(Map<?, ?> given) {
        return new ScheduledWindow(instant(given.get("from")), instant(given.get("until")));
    }

    /** Milliseconds that a date of four digits' year can be told by. */
    private static long instant(@Nullable Object given) {
        long millis = given instanceof Number number ? number.longValue() : -1;
        if (millis < 0 || millis > 253_402_300_799_999L) {
            throw new Problem(
                            "window.malformed",
                            given + " isn't an instant.",
                            "Give milliseconds since 1970, until the year 9999.")
                    .asException();
        }
        return millis;
    }

    private static LocalTime time(String given) {
        try {
            if (TIME.matcher(given).matches()) {
                return LocalTime.parse(given);
            }
        } catch (DateTimeParseException e) {
            throw malformed(given).asException(e);
        }
        throw malformed(given).asException();
    }

    private static Problem malformed(String given) {
        return new Problem(
                "window.malformed",
                "'" + Text.shortened(given, 20) + "' isn't a time of day.",
                "Write it as 22:30, from 00:00 to 23:59.");
    }
}
