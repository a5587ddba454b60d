package io.skerry.cloud.observation;

import static io.skerry.cloud.observation.Statuses.UNHEALTHY;
import static io.skerry.cloud.observation.Statuses.settled;
import static io.skerry.cloud.observation.Statuses.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A device with the instances a and b, at revision 1 with version 1 of both. */
class StatusReadingTest {
    private static final Digest WORKLOAD = Digest.of("workload".getBytes(StandardCharsets.UTF_8));
    private static final Problem FULL = new Problem("disk.full", "There is no room.", "Make some.");
    private static final Problem CLOCK = new Problem("clock.unknown", "The device doesn't know the time.", "");

    private static final List<Phase> BUSY = List.of(
            Phase.FETCHING, Phase.PUT_OFF, Phase.SWITCHING, Phase.ON_TRIAL, Phase.ROLLING_BACK, Phase.REBOOTING);

    private StatusTold told =
            StatusTold.firstOf(settled(1, Map.of("a", 1L, "b", 1L)).status(), 0).orElseThrow();
    private Asked asked = asked(1, Map.of("a", 1L, "b", 1L));
    private long now;

    private static Asked asked(int serial, Map<String, Long> versions) {
        Map<String, ServiceVersion> wanted = new HashMap<>();
        versions.forEach((id, v) -> wanted.put(id, version(v)));
        return new Asked(new Position(1, serial), WORKLOAD, wanted);
    }

    private List<String> says(Statuses status) {
        StatusReading.Result result = StatusReading.of(told, status.status(), asked, now);
        told = result.told();
        return result.observed().stream().map(StatusReadingTest::words).toList();
    }

    private static String words(Observed one) {
        return switch (one) {
            case Observed.Begun b ->
                "begun " + b.instanceId() + " " + b.from().orElse(0L) + "-"
                        + b.version().version();
            case Observed.Committed c ->
                "committed " + c.instanceId() + " " + c.from().orElse(0L) + "-"
                        + c.version().version();
            case Observed.Failed f ->
                f.result().word() + " " + f.instanceId() + " " + f.from().orElse(0L) + "-"
                        + f.version().version() + " " + f.reason().problem().code();
            case Observed.Restored r ->
                "restored " + r.givenUp().volume() + " of " + r.givenUp().container() + " "
                        + r.service().map(ServiceVersion::name).orElse("unknown");
            case Observed.ProblemBegan p -> "wrong " + p.problem().code();
            case Observed.ProblemEnded p -> "right " + p.code();
        };
    }

    @Test
    void whatIsSaidAgainTellsNothing() {
        assertThat(says(settled(1, Map.of("a", 1L, "b", 1L)).again())).isEmpty();
        assertThat(told.left()).isEqualTo(StatusTold.MOST_LEFT);
    }

    @Test
    void anUpdateBeginsAndIsCommittedOnceEach() {
        asked = asked(2, Map.of("a", 2L, "b", 1L));
        Statuses before = settled(1, Map.of("a", 1L, "b", 1L)).accepting(new Position(1, 2));

        assertThat(says(before)).isEmpty();
        assertThat(says(before.during(Phase.FETCHING))).containsExactly("begun a 1-2");
        assertThat(says(before.during(Phase.SWITCHING))).isEmpty();
        assertThat(says(before.during(Phase.ON_TRIAL))).isEmpty();
        assertThat(says(settled(2, Map.of("a", 2L, "b", 1L)))).containsExactly("committed a 1-2");
        assertThat(says(settled(2, Map.of("a", 2L, "b", 1L)).again())).isEmpty();
    }

    @Test
    void aFirstVersionComesFromNone() {
        asked = asked(2, Map.of("a", 1L, "b", 1L, "c", 5L));
        Statuses before = settled(1, Map.of("a", 1L, "b", 1L)).accepting(new Position(1, 2));

        assertThat(says(before.during(Phase.FETCHING))).containsExactly("begun c 0-5");
        assertThat(says(settled(2, Map.of("a", 1L, "b", 1L, "c", 5L)))).containsExactly("committed c 0-5");
    }

    @Test
    void whoHasntTakenWhatItWasToldIsAtSomethingElse() {
        asked = asked(2, Map.of("a", 2L, "b", 1L));

        assertThat(says(settled(1, Map.of("a", 1L, "b", 1L)).during(Phase.FETCHING)))
                .isEmpty();
    }

    @Test
    void aDeviceThatShowsTheNewVersionAndGoesBackHasntCommittedIt() {
        asked = asked(2, Map.of("a", 2L, "b", 1L));
        Statuses trial = settled(1, Map.of("a", 2L, "b", 1L)).accepting(new Position(1, 2));
        says(trial.during(Phase.ON_TRIAL));

        assertThat(says(trial.during(Phase.ROLLING_BACK))).isEmpty();
        // Between two steps it may seem to be at nothing, but its revision is the old one.
        assertThat(says(trial)).isEmpty();
        assertThat(says(settled(1, Map.of("a", 1L, "b", 1L))
                        .holdingBack("a", 2, Outcome.Result.ROLLED_BACK, UNHEALTHY)))
                .containsExactly("rolled-back a 1-2 container.unhealthy");
        assertThat(says(settled(1, Map.of("a", 1L, "b", 1L))
                        .holdingBack("a", 2, Outcome.Result.ROLLED_BACK, UNHEALTHY)
                        .again()))
                .isEmpty();
    }

    @Test
    void aFullDiskThatIsTriedAgainAndAgainIsToldOnce() {
        asked = asked(2, Map.of("a", 2L, "b", 1L));
        Statuses full = settled(1, Map.of("a", 1L, "b", 1L))
                .accepting(new Position(1, 2))
                .holdingBack("a", 2, Outcome.Result.REFUSED, FULL);
        says(settled(1, Map.of("a", 1L, "b", 1L)).accepting(new Position(1, 2)).during(Phase.FETCHING));

        assertThat(says(full)).containsExactly("refused a 1-2 disk.full");
        for (int i = 0; i < 5; i++) {
            assertThat(says(full.during(Phase.FETCHING))).isEmpty();
            assertThat(says(full)).isEmpty();
        }
        assertThat(says(settled(2, Map.of("a", 2L, "b", 1L)))).containsExactly("committed a 1-2");
    }

    @Test
    void whatAnOperatorHasTriedAgainBeginsAndFailsAgain() {
        asked = asked(2, Map.of("a", 2L, "b", 1L));
        Statuses failed = settled(1, Map.of("a", 1L, "b", 1L))
                .accepting(new Position(1, 2))
                .holdingBack("a", 2, Outcome.Result.ROLLED_BACK, UNHEALTHY);
        says(failed);

        asked = asked(3, Map.of("a", 2L, "b", 1L));
        Statuses again = settled(1, Map.of("a", 1L, "b", 1L)).accepting(new Position(1, 3));

        assertThat(says(again.during(Phase.SWITCHING))).containsExactly("begun a 1-2");
        assertThat(says(failed)).containsExactly("rolled-back a 1-2 container.unhealthy");
    }

    @Test
    void aFailureOfNoOneContainerIsToldOfEachThatWasToChange() {
        asked = asked(2, Map.of("a", 2L, "b", 3L));
        Statuses failed = settled(1, Map.of("a", 1L, "b", 1L))
                .accepting(new Position(1, 2))
                .ending(WORKLOAD, Outcome.Result.REFUSED, new Problem("image.corrupt", "It is.", ""));

        assertThat(says(failed)).containsExactly("refused a 1-2 image.corrupt", "refused b 1-3 image.corrupt");
        assertThat(says(failed.again())).isEmpty();
    }

    @Test
    void theEndOfAnEarlierAttemptIsNoFailureOfThisOne() {
        asked = asked(2, Map.of("a", 2L, "b", 1L));
        Digest other = Digest.of("other".getBytes(StandardCharsets.UTF_8));

        assertThat(says(settled(1, Map.of("a", 1L, "b", 1L)).ending(other, Outcome.Result.REFUSED, FULL)))
                .isEmpty();
    }

    @Test
    void whatWasGivenUpIsToldOnceWhateverFollows() {
        Statuses well = settled(1, Map.of("a", 1L, "b", 1L));
        var data = new GivenUp.Interval(2, "a", "data", 10, 20);
        var log = new GivenUp.Interval(3, "c", "log", 30, 40);

        assertThat(says(well.givingUp(data))).containsExactly("restored data of a web");
        assertThat(says(well.givingUp(data).during(Phase.FETCHING))).isEmpty();
        assertThat(says(well.givingUp(log, data))).containsExactly("restored log of c unknown");
        // A disk that is spoilt may know nothing of it for a while.
        assertThat(says(well)).isEmpty();
        assertThat(says(well.givingUp(log, data))).isEmpty();
    }

    @Test
    void eachTimeThatAVolumeIsPutBackIsAnother() {
        Statuses well = settled(1, Map.of("a", 1L, "b", 1L));
        for (int i = 0; i < 100; i++) {
            now += Duration.ofMinutes(10).toMillis();
            assertThat(says(well.givingUp(new GivenUp.Interval(2 + i, "a", "data", now, now + 1))))
                    .containsExactly("restored data of a web");
        }
        assertThat(told.restored().orElseThrow()).hasSize(StatusTold.MOST_RESTORED);
    }

    @Test
    void whatWasGivenUpBeforeAnythingWasToldOfTheDeviceIsOld() {
        var data = new GivenUp.Interval(1, "a", "data", 10, 20);
        Statuses well = settled(1, Map.of("a", 1L, "b", 1L)).givingUp(data);
        told = StatusTold.firstOf(well.status(), 0).orElseThrow();

        assertThat(says(well.again())).isEmpty();
    }

    @Test
    void whatAnEarlierControlPlaneWroteDownIsReadAndWhatItHeardOfIsntToldAgain() {
        told = StatusTold.JSON.fromJson("""
                {"revision":1,"committed":{"a":1,"b":1},"begun":{},"failed":{},"problems":[],"left":40,"left_at":0}""");
        var data = new GivenUp.Interval(1, "a", "data", 10, 20);
        Statuses well = settled(1, Map.of("a", 1L, "b", 1L));

        assertThat(says(well.givingUp(data))).isEmpty();
        assertThat(says(well.givingUp(new GivenUp.Interval(2, "b", "data", 30, 40), data)))
                .containsExactly("restored data of b web");
    }

    @Test
    void whatIsWrongIsToldWhenItBeginsAndEnds() {
        Statuses well = settled(1, Map.of("a", 1L, "b", 1L));

        assertThat(says(well.having(CLOCK, CLOCK))).containsExactly("wrong clock.unknown");
        assertThat(says(well.having(CLOCK, FULL))).containsExactly("wrong disk.full");
        assertThat(says(well)).containsExactly("right clock.unknown", "right disk.full");
    }

    @Test
    void aDeviceThatGoesToAndFroIsToldOnlySoOftenAndItsEndAlways() {
        Statuses well = settled(1, Map.of("a", 1L, "b", 1L));
        int events = 0;
        for (int i = 0; i < 1000; i++) {
            events += says(i % 2 == 0 ? well.having(CLOCK) : well).size();
            now += 1000;
        }
        assertThat(events).isBetween(40, 46);

        now += Duration.ofHours(1).toMillis();
        says(well.having(CLOCK));
        assertThat(told.problems()).containsExactly("clock.unknown");
    }

    @Test
    void aDeviceWhoseBeginningWasntSeenIsReadFromItsNextRest() {
        assertThat(StatusTold.firstOf(
                        settled(4, Map.of("a", 1L)).during(Phase.FETCHING).status(), 0))
                .isEmpty();
        assertThat(StatusTold.firstOf(settled(4, Map.of("a", 1L)).status(), 0))
                .hasValueSatisfying(t -> assertThat(t.committed()).containsEntry("a", 1L));
    }

    /** Whatever a device says in whatever order: nothing is committed twice in a row, nor begun twice without an end, and rest tells nothing. */
    @Test
    void anySequenceOfStatusesKeepsTheRules() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<String> all = new ArrayList<>();
        Map<String, Long> has = new HashMap<>(Map.of("a", 1L, "b", 1L));
        int revision = 1;
        for (int i = 0; i < 3000; i++) {
            now += Duration.ofMinutes(10).toMillis();
            asked = asked(i, Map.of("a", 1L + random.nextInt(3), "b", 1L + random.nextInt(3)));
            Statuses status =
                    settled(revision, Map.copyOf(has)).accepting(new Position(1, random.nextInt(4) == 0 ? 0 : i));
            int what = random.nextInt(5);
            if (what == 0) {
                status = status.during(BUSY.get(random.nextInt(BUSY.size())));
            } else if (what == 1) {
                status = status.holdingBack(
                        "a",
                        Objects.requireNonNull(asked.versions().get("a")).version(),
                        random.nextBoolean() ? Outcome.Result.REFUSED : Outcome.Result.ROLLED_BACK,
                        random.nextBoolean() ? FULL : UNHEALTHY);
            } else if (what == 2) {
                revision++;
                asked.versions().forEach((id, v) -> has.put(id, v.version()));
                status = settled(revision, Map.copyOf(has));
            }
            List<String> first = says(status);
            assertThat(says(status.again()))
                    .as("seed %d, step %d: %s", seed, i, first)
                    .isEmpty();
            all.addAll(first);
        }
        for (String id : List.of("a", "b")) {
            Optional<String> last = Optional.empty();
            for (String one :
                    all.stream().filter(w -> w.contains(" " + id + " ")).toList()) {
                assertThat(one.startsWith("committed") && last.equals(Optional.of(one)))
                        .as("seed %d: %s", seed, one)
                        .isFalse();
                if (one.startsWith("committed")) {
                    last = Optional.of(one);
                }
            }
        }
        assertThat(told.committed()).isEqualTo(has);
    }
}
