package io.skerry.spec.window;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SUNDAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class WindowsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final List<DayOfWeek> EVERY_DAY = List.of(DayOfWeek.values());
    private static final List<String> ZONES = List.of(
            "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu");

    @Test
    void windowIsOpenFromItsStartUntilJustBeforeItsEnd() {
        Windows night = windows(daily(EVERY_DAY, "02:00", "04:00"));

        assertThat(open(night, "2026-06-10T01:59:59", BERLIN)).isFalse();
        assertThat(open(night, "2026-06-10T02:00:00", BERLIN)).isTrue();
        assertThat(open(night, "2026-06-10T03:59:59", BERLIN)).isTrue();
        assertThat(open(night, "2026-06-10T04:00:00", BERLIN)).isFalse();
    }

    @Test
    void windowOverMidnightBelongsToTheDayOnWhichItOpens() {
        Windows friday = windows(daily(List.of(FRIDAY), "22:00", "04:00"));

        assertThat(open(friday, "2026-06-12T23:00:00", BERLIN)).as("Friday").isTrue();
        assertThat(open(friday, "2026-06-13T03:00:00", BERLIN)).as("Saturday").isTrue();
        assertThat(open(friday, "2026-06-12T03:00:00", BERLIN))
                .as("the night before")
                .isFalse();
    }

    @Test
    void equalStartAndEndMeanAWholeDay() {
        Windows monday = windows(daily(List.of(MONDAY), "06:00", "06:00"));

        assertThat(open(monday, "2026-06-16T05:59:00", BERLIN)).isTrue();
        assertThat(open(monday, "2026-06-16T06:00:00", BERLIN)).isFalse();
    }

    @Test
    void startThatTheClockSkipsIsTheMomentOfTheSkip() {
        Windows night = windows(daily(EVERY_DAY, "02:30", "04:00"));
        Instant skip = Instant.parse("2026-03-29T01:00:00Z");

        assertThat(night.opens(Instant.parse("2026-03-28T12:00:00Z"), BERLIN)).contains(skip);
        assertThat(night.isOpen(skip.plus(1, ChronoUnit.HOURS), BERLIN)).isFalse();
    }

    @Test
    void windowWithAnEndThatIsSkippedWholeStaysClosedAndOneWithALengthIsAsLongAsEver() {
        Instant skip = Instant.parse("2026-03-29T01:00:00Z");

        assertThat(windows(daily(EVERY_DAY, "02:15", "02:45")).opens(skip.minusSeconds(60), BERLIN))
                .contains(Instant.parse("2026-03-30T00:15:00Z"));
        Windows quarter = windows(lasting(EVERY_DAY, "02:15", 15));
        assertThat(quarter.opens(skip.minusSeconds(60), BERLIN)).contains(skip);
        assertThat(quarter.isOpen(skip.plusSeconds(899), BERLIN)).isTrue();
        assertThat(quarter.isOpen(skip.plusSeconds(900), BERLIN)).isFalse();
    }

    @Test
    void windowInTheHourThatTheClockShowsTwiceOpensOnceFromTheFirstStartUntilTheSecondEnd() {
        Windows night = windows(daily(List.of(SUNDAY), "02:15", "02:45"));
        Instant first = Instant.parse("2026-10-25T00:15:00Z");

        assertThat(night.opens(first.minusSeconds(3600), BERLIN)).contains(first);
        assertThat(night.isOpen(Instant.parse("2026-10-25T01:44:59Z"), BERLIN)).isTrue();
        assertThat(night.opens(Instant.parse("2026-10-25T01:45:00Z"), BERLIN))
                .contains(Instant.parse("2026-11-01T01:15:00Z"));
    }

    @Test
    void scheduledWindowOpensOnceAndNeverAgain() {
        Instant from = Instant.parse("2026-12-24T10:00:00Z");
        Instant until = Instant.parse("2026-12-24T12:00:00Z");
        Windows once = new Windows(List.of(), List.of(new ScheduledWindow(from.toEpochMilli(), until.toEpochMilli())));

        assertThat(once.opens(from.minusSeconds(1), BERLIN)).contains(from);
        assertThat(once.isOpen(until.minusMillis(1), BERLIN)).isTrue();
        assertThat(once.opens(until, BERLIN)).isEmpty();
    }

    @Test
    void windowThatNeverOpensIsRefused() {
        refused("window.never-opens", () -> new Windows(List.of(), List.of()));
        refused("window.never-opens", () -> new ScheduledWindow(5, 5));
        refused("window.never-opens", () -> daily(List.of(), "02:00", "04:00"));
    }

    @Test
    void windowWithoutOneLengthIsRefused() {
        refused("window.malformed", () -> lasting(EVERY_DAY, "02:00", 0));
        refused("window.malformed", () -> lasting(EVERY_DAY, "02:00", 1441));
        LocalTime two = LocalTime.of(2, 0);
        refused("window.malformed", () -> new DailyWindow(EVERY_DAY, two, Optional.empty(), Optional.empty()));
        refused("window.malformed", () -> new DailyWindow(EVERY_DAY, two, Optional.of(two), Optional.of(5)));
    }

    @Test
    void zoneThatThereIsNotIsRefused() {
        refused("zone.unknown", () -> Zones.checked("Europe/Atlantis"));
        refused("zone.unknown", () -> Zones.checked("+02:00"));
        assertThat(Zones.checked("Europe/Berlin")).isEqualTo(BERLIN);
    }

    @Test
    void opensAtTheFirstMinuteAtWhichItIsOpenWhateverTheClocksDo() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            Windows windows = anyWindows(random);
            Instant from = aroundASwitch(random, zone);
            Instant opens = windows.opens(from, zone).orElse(Instant.MAX);

            assertThat(IntStream.range(0, 9 * 1440)
                            .mapToObj(m -> from.plus(m, ChronoUnit.MINUTES))
                            .filter(at -> windows.isOpen(at, zone))
                            .findFirst()
                            .orElse(Instant.MAX))
                    .as("seed %d: %s in %s from %s", seed, windows, zone, from)
                    .isEqualTo(opens);
        }
    }

    @Test
    void isOpenWheneverTheWallShowsATimeInItOnDaysWithoutASwitch() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            DailyWindow window = anyDaily(random, false);
            LocalDateTime wall = LocalDateTime.of(2026, 6, 1, 0, 0).plusMinutes(random.nextInt(20 * 1440));
            LocalTime end = window.end().orElseThrow();
            boolean over = !end.isAfter(window.start());
            boolean today = window.days().contains(wall.getDayOfWeek())
                    && !wall.toLocalTime().isBefore(window.start())
                    && (over || wall.toLocalTime().isBefore(end));
            boolean yesterday = over
                    && window.days().contains(wall.getDayOfWeek().minus(1))
                    && wall.toLocalTime().isBefore(end);

            assertThat(windows(window).isOpen(wall.atZone(BERLIN).toInstant(), BERLIN))
                    .as("seed %d: %s at %s", seed, window, wall)
                    .isEqualTo(today || yesterday);
        }
    }

    @Test
    void severalWindowsAreOpenWheneverOneOfThemIs() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            Windows windows = anyWindows(random);
            Instant at = aroundASwitch(random, zone);

            assertThat(windows.isOpen(at, zone))
                    .as("seed %d: %s in %s at %s", seed, windows, zone, at)
                    .isEqualTo(Stream.concat(
                                    windows.daily().stream().map(WindowsTest::windows),
                                    windows.scheduled().stream().map(s -> new Windows(List.of(), List.of(s))))
                            .anyMatch(w -> w.isOpen(at, zone)));
        }
    }

    @Test
    void containerWaitsForItsDevicesWindowsAndItsOwn() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Windows here = anyWindows(random);
            Windows own = anyWindows(random);
            Schedule schedule =
                    new Schedule("Europe/Berlin", switching(here), Map.of("web", switching(own)), 0, Map.of());
            Instant from = aroundASwitch(random, BERLIN);

            Optional<Instant> opens = schedule.opens("web", Opening.SWITCH, from);

            assertThat(IntStream.range(0, 9 * 1440)
                            .mapToObj(m -> from.plus(m, ChronoUnit.MINUTES))
                            .filter(at -> here.isOpen(at, BERLIN) && own.isOpen(at, BERLIN))
                            .findFirst())
                    .as("seed %d: %s from %s", seed, schedule, from)
                    .isEqualTo(opens.filter(o -> o.isBefore(from.plus(9 * 1440, ChronoUnit.MINUTES))));
            assertThat(schedule.isOpen("web", Opening.FETCH, from)).isTrue();
        }
    }

    @Test
    void windowsThatNeverMeetNeverOpen() {
        Schedule schedule = new Schedule(
                "UTC",
                switching(windows(daily(EVERY_DAY, "02:00", "03:00"))),
                Map.of("web", switching(windows(daily(EVERY_DAY, "12:00", "13:00")))),
                0,
                Map.of());

        assertThat(schedule.opens("web", Opening.SWITCH, Instant.EPOCH)).isEmpty();
        assertThat(schedule.opens("db", Opening.SWITCH, Instant.EPOCH)).isPresent();
    }

    @Test
    void urgentChangePassesEveryWindowUntilItsTimeIsOver() {
        Windows closed = windows(daily(EVERY_DAY, "12:00", "13:00"));
        Schedule schedule =
                new Schedule("UTC", switching(closed), Map.of("web", switching(closed)), 0, Map.of("web", 1000L));

        assertThat(schedule.isOpen("web", Opening.SWITCH, Instant.ofEpochMilli(999)))
                .isTrue();
        assertThat(schedule.isOpen("web", Opening.SWITCH, Instant.ofEpochMilli(1000)))
                .isFalse();
        assertThat(schedule.isOpen("db", Opening.SWITCH, Instant.ofEpochMilli(999)))
                .isFalse();
    }

    @Test
    void readsBackWhatItWrote() {
        var type = Wire.strict(Schedule.class);
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Schedule schedule = new Schedule(
                    "Europe/Berlin",
                    new UpdateWindows(Optional.of(anyWindows(random)), Optional.empty()),
                    Map.of("web", switching(anyWindows(random))),
                    random.nextLong(),
                    Map.of("db", random.nextLong()));

            assertThat(Wire.read(type, type.toJsonBytes(schedule), "It")).isEqualTo(schedule);
        }
    }

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static boolean open(Windows windows, String local, ZoneId zone) {
        return windows.isOpen(LocalDateTime.parse(local).atZone(zone).toInstant(), zone);
    }

    private static Windows windows(DailyWindow... windows) {
        return new Windows(List.of(windows), List.of());
    }

    private static UpdateWindows switching(Windows windows) {
        return new UpdateWindows(Optional.empty(), Optional.of(windows));
    }

    private static DailyWindow daily(List<DayOfWeek> days, String start, String end) {
        return new DailyWindow(days, LocalTime.parse(start), Optional.of(LocalTime.parse(end)), Optional.empty());
    }

    private static DailyWindow lasting(List<DayOfWeek> days, String start, int minutes) {
        return new DailyWindow(days, LocalTime.parse(start), Optional.empty(), Optional.of(minutes));
    }

    private static Windows anyWindows(Random random) {
        List<DailyWindow> daily = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            daily.add(anyDaily(random, random.nextBoolean()));
        }
        Instant from = aroundASwitch(random, BERLIN);
        return new Windows(
                daily,
                random.nextBoolean()
                        ? List.of()
                        : List.of(new ScheduledWindow(
                                from.toEpochMilli(),
                                from.plus(1 + random.nextInt(500), ChronoUnit.MINUTES)
                                        .toEpochMilli())));
    }

    private static DailyWindow anyDaily(Random random, boolean lasting) {
        List<DayOfWeek> days =
                EVERY_DAY.stream().filter(d -> random.nextInt(3) == 0).toList();
        List<DayOfWeek> some = days.isEmpty() ? List.of(SUNDAY) : days;
        // Mostly in the small hours, in which clocks are set.
        LocalTime start = LocalTime.of(random.nextBoolean() ? random.nextInt(4) : random.nextInt(24), minute(random));
        return lasting
                ? new DailyWindow(some, start, Optional.empty(), Optional.of(1 + random.nextInt(1440)))
                : new DailyWindow(
                        some, start, Optional.of(LocalTime.of(random.nextInt(24), minute(random))), Optional.empty());
    }

    private static int minute(Random random) {
        return random.nextInt(60);
    }

    /** A whole minute at most some days before or after the clocks are set there, or anywhere in June. */
    private static Instant aroundASwitch(Random random, ZoneId zone) {
        Instant june = Instant.parse("2026-06-01T00:00:00Z");
        var transition = zone.getRules().nextTransition(june.minus(random.nextInt(200), ChronoUnit.DAYS));
        Instant middle = transition == null || random.nextInt(5) == 0 ? june : transition.getInstant();
        return middle.plus(random.nextInt(3 * 1440) - 2 * 1440, ChronoUnit.MINUTES)
                .truncatedTo(ChronoUnit.MINUTES);
    }
}
