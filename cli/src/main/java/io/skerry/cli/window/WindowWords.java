package io.skerry.cli.window;

import io.skerry.cli.api.UpdateTimes.DailyWindow;
import io.skerry.cli.api.UpdateTimes.ScheduledWindow;
import io.skerry.cli.api.UpdateTimes.Windows;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Windows as one types and reads them: {@code 02:00-04:30} every day, {@code sat,sun 02:00+90} for 90 minutes, {@code
 * 2026-12-24T01:00:00Z/2026-12-24T03:00:00Z} once.
 */
final class WindowWords {
    private static final Pattern DAILY = Pattern.compile(
            "(?:(?<days>[a-z]{3}(?:,[a-z]{3})*) )?(?<start>\\d\\d:\\d\\d)(?:-(?<end>\\d\\d:\\d\\d)|\\+(?<minutes>\\d{1,4}))");

    private WindowWords() {}

    /**
     * As the API takes them.
     *
     * @throws io.skerry.spec.ProblemException {@code usage.window}
     */
    static Map<String, Object> parsed(List<String> words) {
        List<Map<String, Object>> daily = new ArrayList<>();
        List<Map<String, Object>> scheduled = new ArrayList<>();
        for (String word : words) {
            Matcher matcher = DAILY.matcher(word.strip().toLowerCase(Locale.ROOT));
            if (matcher.matches()) {
                daily.add(daily(matcher, word));
            } else {
                scheduled.add(scheduled(word.strip()));
            }
        }
        return Map.of("daily", daily, "scheduled", scheduled);
    }

    private static Map<String, Object> daily(Matcher matcher, String word) {
        Map<String, Object> window = new TreeMap<>(Map.of("start", matcher.group("start")));
        if (matcher.group("days") != null) {
            window.put(
                    "days",
                    Stream.of(matcher.group("days").split(",", -1))
                            .map(day -> day(day, word))
                            .toList());
        }
        if (matcher.group("end") == null) {
            window.put("minutes", Integer.parseInt(matcher.group("minutes")));
        } else {
            window.put("end", matcher.group("end"));
        }
        return window;
    }

    private static String day(String start, String word) {
        return Stream.of(DayOfWeek.values())
                .map(Enum::name)
                .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(start))
                .findFirst()
                .orElseThrow(() -> malformed(word).asException());
    }

    private static Map<String, Object> scheduled(String word) {
        String[] ends = word.split("/", -1);
        if (ends.length != 2) {
            throw malformed(word).asException();
        }
        try {
            return Map.of(
                    "from", OffsetDateTime.parse(ends[0]).toInstant().toEpochMilli(),
                    "until", OffsetDateTime.parse(ends[1]).toInstant().toEpochMilli());
        } catch (DateTimeParseException e) {
            throw malformed(word).asException(e);
        }
    }

    private static Problem malformed(String word) {
        return new Problem(
                "usage.window",
                "'" + Text.shortened(word, 80) + "' isn't a window.",
                "Write 02:00-04:30, 'sat,sun 02:00+90', or 2026-12-24T01:00:00Z/2026-12-24T03:00:00Z.");
    }

    /** As they are typed. */
    static String written(Windows windows) {
        return String.join(
                "; ",
                Stream.concat(
                                windows.daily().stream().map(WindowWords::written),
                                windows.scheduled().stream().map(WindowWords::written))
                        .toList());
    }

    private static String written(DailyWindow window) {
        String days = window.days().size() == DayOfWeek.values().length
                ? ""
                : String.join(
                                ",",
                                window.days().stream()
                                        .map(d -> d.substring(0, 3).toLowerCase(Locale.ROOT))
                                        .toList())
                        + " ";
        return days
                + window.start()
                + window.end()
                        .map(end -> "-" + end)
                        .orElseGet(() -> "+" + window.minutes().orElse(0));
    }

    private static String written(ScheduledWindow window) {
        return Instant.ofEpochMilli(window.from()) + "/" + Instant.ofEpochMilli(window.until());
    }
}
