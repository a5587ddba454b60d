package io.skerry.cloud.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.Page;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where each member of a roll-out is, and that it is asked for by that. */
class MemberStateTest {
    private static final Map<String, Report> REPORTS = Map.of(
            "a-done", new Report(2, Stand.DONE, true, false, false),
            "b-done-and-gone", new Report(2, Stand.DONE, false, false, false),
            "c-failed", new Report(2, Stand.FAILED, true, false, false),
            "d-updating", new Report(2, Stand.PENDING, true, false, false),
            "e-waiting", new Report(2, Stand.PENDING, true, true, false),
            "f-lost", new Report(2, Stand.PENDING, false, false, false),
            "g-next", new Report(1, Stand.DONE, true, false, false),
            "h-away", new Report(1, Stand.DONE, false, false, false));
    private static final RolloutView VIEW = new RolloutView(
            new Rollout(
                    "r",
                    "c",
                    "s",
                    2,
                    Optional.of(1L),
                    new RolloutPolicy(
                            List.of(
                                    new Phase(Map.of(), Optional.empty(), Optional.of(6), 100, 0, 0, 0, 0, false),
                                    all()),
                            false),
                    State.RUNNING,
                    0,
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    0,
                    0),
            List.of(
                    next("h-away"),
                    told("e-waiting"),
                    told("a-done"),
                    told("b-done-and-gone"),
                    told("c-failed"),
                    told("f-lost"),
                    next("g-next"),
                    told("d-updating")));

    @Test
    void eachIsInOneState() {
        assertThat(page(new MemberFilter(Optional.empty(), Set.of()), 50, "").items())
                .extracting(p -> p.member().instanceId() + " " + p.state())
                .containsExactly(
                        "a-done DONE",
                        "b-done-and-gone DONE",
                        "c-failed FAILED",
                        "d-updating UPDATING",
                        "e-waiting WAITING",
                        "f-lost UNREACHABLE",
                        "g-next PENDING",
                        "h-away UNREACHABLE");
    }

    @Test
    void theNumbersCountTheSame() {
        Progress progress = VIEW.progress(Optional.empty(), REPORTS);

        assertThat(progress).isEqualTo(new Progress(8, 6, 2, 1, 1, 1, 2));
        assertThat(count(MemberState.DONE)).isEqualTo(progress.done());
        assertThat(count(MemberState.FAILED)).isEqualTo(progress.failed());
        assertThat(count(MemberState.UPDATING)).isEqualTo(progress.updating());
        assertThat(count(MemberState.WAITING)).isEqualTo(progress.waiting());
        assertThat(count(MemberState.UNREACHABLE)).isEqualTo(progress.unreachable());
    }

    @Test
    void askedForByPhaseAndStatesTheyComePageByPage() {
        var filter = new MemberFilter(Optional.of(0), EnumSet.of(MemberState.DONE, MemberState.UNREACHABLE));
        List<String> seen = new ArrayList<>();
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            Page<RolloutView.Placed> page = page(filter, 2, cursor.get());
            page.items().forEach(p -> seen.add(p.member().instanceId()));
            cursor = page.nextCursor();
        }

        assertThat(seen).containsExactly("a-done", "b-done-and-gone", "f-lost");
    }

    private static int count(MemberState state) {
        return page(new MemberFilter(Optional.empty(), Set.of(state)), 50, "")
                .items()
                .size();
    }

    private static Page<RolloutView.Placed> page(MemberFilter filter, int take, String cursor) {
        return VIEW.members(filter, REPORTS, take, cursor);
    }

    private static Phase all() {
        return new Phase(Map.of(), Optional.empty(), Optional.empty(), 100, 0, 0, 0, 0, false);
    }

    private static Member told(String id) {
        return new Member(id, "node of " + id, 0, Optional.of(1L), true, Stand.PENDING, Optional.empty());
    }

    private static Member next(String id) {
        return new Member(id, "node of " + id, 1, Optional.of(1L), false, Stand.PENDING, Optional.empty());
    }
}
