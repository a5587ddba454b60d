package io.skerry.cloud.rollout;

import static io.skerry.cloud.rollout.Decisions.ALL;
import static io.skerry.cloud.rollout.Decisions.NEW;
import static io.skerry.cloud.rollout.Decisions.member;
import static io.skerry.cloud.rollout.Decisions.rollout;
import static io.skerry.cloud.rollout.Decisions.said;
import static io.skerry.cloud.rollout.Decisions.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How long a roll-out waits for a device that is at it. */
class DecisionTimesTest {
    @Test
    void whoeverIsAtItForTooLongCountsAsFailedLostOrNot() {
        Rollout rollout = rollout(within(600), ALL);
        List<Member> members = List.of(
                member("a", 0).admit(), member("b", 0).admit(), member("c", 0).admit(), member("d", 1));
        Map<String, Report> reports = new HashMap<>(said("a", Stand.DONE, "b", Stand.PENDING));
        reports.put("c", new Report(NEW, Stand.PENDING, false, true, false));

        Decision begun = Decision.of(rollout, members, reports, 1_000);
        Decision soon = Decision.of(begun.rollout(), begun.members(), reports, 600_999);
        assertThat(soon.rollout()).isEqualTo(rollout);
        Decision late = Decision.of(soon.rollout(), soon.members(), reports, 601_000);

        assertThat(late.rollout().state()).isEqualTo(State.PAUSED);
        assertThat(late.rollout().reason().orElseThrow().message())
                .contains("failed on 2 of 3 devices", "2 weren't done in time");
        Decision resumed =
                Decision.of(late.rollout().to(State.RUNNING).tolerating(2), late.members(), reports, 602_000);
        assertThat(resumed.rollout().phase()).as("nobody waits for them").isEqualTo(1);
    }

    @Test
    void whoeverIsDoneAfterItsTimeIsDone() {
        Rollout rollout = rollout(within(600), ALL);
        List<Member> members = List.of(member("a", 0).admit(), member("b", 1));
        Decision begun = Decision.of(rollout, members, said("a", Stand.PENDING), 0);
        Decision late = Decision.of(begun.rollout(), begun.members(), said("a", Stand.PENDING), 600_000);
        assertThat(late.members().getFirst().stand()).isEqualTo(Stand.FAILED);

        Decision done = Decision.of(late.rollout(), late.members(), said("a", Stand.DONE), 700_000);

        assertThat(done.members().getFirst()).isEqualTo(member("a", 0).admit().with(Stand.DONE));
    }

    @Test
    void whoeverWasAtItWhileNobodyLookedHasAnHourMore() {
        Rollout day = rollout(within(86_400), ALL);
        Rollout short_ = rollout(within(600), ALL);
        Member old = member("a", 0).admit().since(Optional.of(0L));
        long now = 200_000_000;

        assertThat(Decision.unjudged(old, day, now).since()).contains(now - 86_400_000 + 3_600_000);
        assertThat(Decision.unjudged(old, short_, now).since())
                .as("all of its time")
                .contains(now);
        Member lately = old.since(Optional.of(now - 1000));
        assertThat(Decision.unjudged(lately, day, now)).isEqualTo(lately);
        Member failed = old.with(Stand.FAILED);
        assertThat(Decision.unjudged(failed, day, now)).isEqualTo(failed);
    }

    @Test
    void timeBeginsWithTheWindow() {
        Rollout rollout = rollout(within(600), ALL);
        List<Member> members = List.of(member("a", 0).admit(), member("b", 1));
        Map<String, Report> closed = Map.of("a", new Report(NEW, Stand.PENDING, true, true, true));

        Decision waiting = Decision.of(rollout, members, closed, 0);
        Decision opened = Decision.of(waiting.rollout(), waiting.members(), said("a", Stand.PENDING), 90_000_000);
        Decision soon = Decision.of(opened.rollout(), opened.members(), said("a", Stand.PENDING), 90_599_999);
        assertThat(soon.rollout().state()).isEqualTo(State.RUNNING);

        Decision late = Decision.of(soon.rollout(), soon.members(), said("a", Stand.PENDING), 90_600_000);
        assertThat(late.rollout().state()).isEqualTo(State.PAUSED);
    }

    @Test
    void whoIsAwayWhileItsWindowIsClosedIsNotLate() {
        Rollout rollout = rollout(within(600), ALL);
        List<Member> members = List.of(member("a", 0).admit(), member("b", 1));
        Map<String, Report> away = Map.of("a", new Report(NEW, Stand.PENDING, false, false, true));

        Decision begun = Decision.of(rollout, members, away, 0);
        Decision later = Decision.of(begun.rollout(), begun.members(), away, 90_000_000);

        assertThat(later.rollout()).isEqualTo(rollout);
    }
}
