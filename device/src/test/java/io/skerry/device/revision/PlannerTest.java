package io.skerry.device.revision;

import static io.skerry.device.revision.Situations.running;
import static io.skerry.device.revision.Workloads.by;
import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.inGroup;
import static io.skerry.device.revision.Workloads.keeping;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.skerry.device.revision.Step.Why;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.UpdateRules.Strategy;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final int CASES = 3000;

    @Test
    void firstWorkloadIsFetchedStartedWatchedAndCommitted() {
        Container web = container("web", 1);
        var wanted = workload("a", web);

        assertThat(Planner.update(Situation.EMPTY, wanted).steps())
                .containsExactly(
                        new Step.Reserve(List.of(web.image()), List.of(), Why.UPDATE),
                        new Step.Fetch(web.image(), Why.MISSING),
                        new Step.Unpack(web.image(), Why.MISSING),
                        new Step.ConfigureNetwork("a", Slot.MAIN, Why.NEW),
                        new Step.Start("a", Slot.MAIN, Why.NEW),
                        new Step.Reach("app", List.of("a"), Slot.MAIN, 30, Why.UPDATE),
                        new Step.Check(List.of("a"), Why.UPDATE),
                        new Step.Commit(wanted.digest().value(), Why.UPDATE),
                        new Step.Collect(List.of(), Why.UPDATE));
    }

    @Test
    void changedContainerIsAskedForItsLockThenReplacedAtOneGoAndTheOtherIsLeftAlone() {
        var old = workload("a", container("web", 1), "b", container("db", 1));
        var wanted = workload("a", container("web", 2), "b", container("db", 1));

        assertThat(words(Planner.update(running(old, wanted), wanted)))
                .containsExactly(
                        "wait while a holds its update lock, at most 600 s",
                        "stop a",
                        "configure the network of a",
                        "start a",
                        "wait until a of group app reached their goals, at most 30 s",
                        "watch a through their probation",
                        "commit workload " + wanted.digest().value(),
                        "remove what no kept revision needs");
    }

    @Test
    void whatIsRemovedIsStoppedFirstAndItsVolumesGoAfterTheCommit() {
        var old = workload("a", container("web", 1), "b", container("db", 1));
        var wanted = workload("a", container("web", 2));

        var stops = steps(Planner.update(running(old), wanted), Step.Stop.class);

        assertThat(stops)
                .containsExactly(
                        new Step.Stop("b", Slot.MAIN, Why.REMOVED), new Step.Stop("a", Slot.MAIN, Why.CHANGED));
        assertThat(steps(Planner.update(running(old), wanted), Step.Collect.class))
                .containsExactly(new Step.Collect(List.of("b"), Why.UPDATE));
    }

    @Test
    void twoContainersOfOneImageFetchItOnce() {
        var wanted = workload("a", container("web", 1), "b", container("web", 1));

        assertThat(steps(Planner.update(Situation.EMPTY, wanted), Step.Fetch.class))
                .hasSize(1);
    }

    @Test
    void whatRunsButWasNeverCommittedIsStillWatched() {
        var wanted = workload("a", container("web", 2));
        var committed = workload("a", container("web", 1));

        var plan = Planner.update(Situations.with(committed, Situations.kept(wanted), wanted), wanted);

        assertThat(words(plan))
                .containsExactly(
                        "watch a through their probation",
                        "commit workload " + wanted.digest().value(),
                        "remove what no kept revision needs");
    }

    @Test
    void groupsFollowEachOtherAndWithinOneWhatOthersNeedComesFirst() {
        var wanted = Workload.of(Map.of(
                "z", inGroup("data", container("map", 1)),
                "a", inGroup("app", container("web", 1), "c"),
                "b", inGroup("app", container("db", 1)),
                "c", inGroup("app", container("cache", 1), "b")));

        var plan = Planner.update(Situation.EMPTY.withPresent(Map.of()), wanted);

        assertThat(plan.steps().stream()
                        .filter(s -> s instanceof Step.Start || s instanceof Step.Reach)
                        .map(PlannerTest::brief))
                .containsSubsequence(
                        "start z", "reach [z]", "start b", "reach [b]", "start c", "reach [c]", "start a", "reach [a]");
    }

    @Test
    void systemContainerChangesWithARebootThatEverythingIsStartedAfter() {
        var old = workload("a", container("web", 1), "r", inGroup("root", container("net", 1)));
        var wanted = workload("a", container("web", 1), "r", inGroup("root", container("net", 2)));

        var plan = Planner.update(running(old, wanted), wanted);

        assertThat(words(plan))
                .containsSubsequence(
                        "stop r",
                        "reboot the device, for r",
                        "start r",
                        "wait until r of group root reached their goals, at most 30 s",
                        "start a",
                        "watch r through their probation");
    }

    @Test
    void afterTheRebootItGoesOnWithoutAnother() {
        var old = workload("a", container("web", 1), "r", inGroup("root", container("net", 1)));
        var wanted = workload("a", container("web", 1), "r", inGroup("root", container("net", 2)));
        var model = new Model(running(old, wanted), wanted);
        var plan = Planner.update(running(old, wanted), wanted).steps();
        int reboot = plan.indexOf(
                plan.stream().filter(Step.Reboot.class::isInstance).findFirst().orElseThrow());

        var rest = Planner.update(model.carriedOut(plan.subList(0, reboot + 1)).situation(), wanted);

        assertThat(steps(rest, Step.Reboot.class)).isEmpty();
        assertThat(steps(rest, Step.Start.class))
                .containsExactly(new Step.Start("r", Slot.MAIN, Why.NEW), new Step.Start("a", Slot.MAIN, Why.BOOT));
    }

    @Test
    void startThenStopHasTheNewOneAtItsGoalBeforeTheOldOneIsStopped() {
        var old = workload("a", by(Strategy.START_THEN_STOP, container("web", 1)));
        var wanted = workload("a", by(Strategy.START_THEN_STOP, container("web", 2)));

        assertThat(words(Planner.update(running(old, wanted), wanted)))
                .startsWith(
                        "configure the network of a beside the old one",
                        "start a beside the old one",
                        "wait until a of group app reached their goals, at most 30 s",
                        "stop a",
                        "wait until a of group app reached their goals, at most 30 s");
    }

    @Test
    void hooksStandWhereTheyBelong() {
        var rules = new UpdateRules(Strategy.HAND_OVER, hook("pre"), hook("post"), hook("over"), 0);
        var old = workload("a", Workloads.ruled(container("web", 1), rules));
        var wanted = workload("a", Workloads.ruled(container("web", 2), rules));

        assertThat(words(Planner.update(running(old, wanted), wanted)))
                .containsSubsequence(
                        "run the pre-update hook in a",
                        "start a beside the old one",
                        "run the hand-over hook in a",
                        "stop a",
                        "run the post-update hook in a",
                        "watch a through their probation");
    }

    @Test
    void volumeIsKeptBetweenTheOldProgramAndTheNewOne() {
        var old = workload("a", keeping(container("web", 1)));
        var wanted = workload("a", keeping(container("web", 2)));

        var plan = Planner.update(running(old), wanted);

        assertThat(steps(plan, Step.Reserve.class))
                .containsExactly(new Step.Reserve(
                        List.of(container("web", 2).image()), List.of(new VolumeId("a", "data")), Why.UPDATE));
        assertThat(words(plan)).containsSubsequence("stop a", "keep volume data of a as it is", "start a");
    }

    @Test
    void newRulesForUpdatesAloneAreCommittedWithoutTouchingAnything() {
        var old = workload("a", inGroup("app", container("web", 1)), "b", inGroup("app", container("db", 1)));
        var ruled = Workloads.ruled(
                inGroup("app", container("web", 1, io.skerry.spec.desired.RestartPolicy.ALWAYS, 60), "b"),
                new UpdateRules(Strategy.STOP_THEN_START, hook("pre"), hook("post"), Optional.empty(), 7));
        var wanted = workload("a", ruled, "b", inGroup("app", container("db", 1)));

        assertThat(words(Planner.update(running(old), wanted)))
                .containsExactly("commit workload " + wanted.digest().value(), "remove what no kept revision needs");
        assertThat(Upkeep.keep(Situations.with(wanted, Situations.kept(old), wanted))
                        .steps())
                .isEmpty();
    }

    @Test
    void goingBackPutsVolumesBackBeforeTheOldProgramIsStarted() {
        var old = workload("a", keeping(container("web", 1)));
        var tried = workload("a", keeping(container("web", 2)));
        var now = Situations.with(old, Situations.kept(tried), old, tried)
                .withSnapshots(Set.of(new VolumeId("a", "data")));

        assertThat(words(Upkeep.goBack(now, tried, Set.of())))
                .containsExactly(
                        "stop a",
                        "put volume data of a back as it was",
                        "configure the network of a",
                        "start a",
                        "wait until a of group app reached their goals, at most 30 s");
    }

    @Test
    void goingBackAmidAnOverlapLeavesTheOldOneAlone() {
        var old = workload("a", by(Strategy.START_THEN_STOP, container("web", 1)));
        var tried = workload("a", by(Strategy.START_THEN_STOP, container("web", 2)));
        var both = new Present(
                by(Strategy.START_THEN_STOP, container("web", 1)),
                true,
                Optional.of(by(Strategy.START_THEN_STOP, container("web", 2))));

        assertThat(words(Upkeep.goBack(Situations.with(old, Map.of("a", both), old, tried), tried, Set.of())))
                .containsExactly("stop a beside the old one");
    }

    @Test
    void afterABootWhatIsCommittedIsStartedInItsOrderAndNothingElse() {
        var committed = workload("a", container("web", 1), "d", inGroup("data", container("map", 1)));
        Map<String, Present> off = Map.of(
                "a", new Present(container("web", 1), false, Optional.empty()),
                "d", new Present(inGroup("data", container("map", 1)), false, Optional.empty()));

        assertThat(words(Upkeep.keep(Situations.with(committed, off, committed))))
                .containsExactly(
                        "configure the network of d",
                        "start d",
                        "wait until d of group data reached their goals, at most 30 s",
                        "configure the network of a",
                        "start a",
                        "wait until a of group app reached their goals, at most 30 s");
    }

    @Test
    void whateverIsDrawnKeepsToTheRulesAndIsOfAllSorts() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var kinds = new HashSet<Class<?>>();
        for (int i = 0; i < CASES; i++) {
            var committed = Workloads.any(random);
            var wanted = Workloads.any(random);

            assertThatCode(() -> WorkloadRules.check(wanted))
                    .as("seed %d", seed)
                    .doesNotThrowAnyException();
            Planner.update(Situations.any(random, committed, wanted), wanted)
                    .steps()
                    .forEach(s -> kinds.add(s.getClass()));
        }
        assertThat(kinds).as("seed %d", seed).containsExactlyInAnyOrder(Step.class.getPermittedSubclasses());
    }

    @Test
    void anyUpdateEndsInWhatIsWantedAndDoneAgainChangesNothing() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            var committed = Workloads.any(random);
            var wanted = Workloads.any(random);
            var situation = Situations.any(random, committed, wanted);

            var plan = Planner.update(situation, wanted);
            var after = new Model(situation, wanted).carriedOut(plan.steps());

            assertThat(Planner.update(situation, wanted)).as("seed %d", seed).isEqualTo(plan);
            assertThat(after.runs(wanted)).as("seed %d", seed).isTrue();
            assertThat(after.situation().committed()).as("seed %d", seed).isEqualTo(wanted);
            assertThat(Planner.update(after.situation(), wanted).steps())
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(Upkeep.keep(after.situation()).steps())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void anyUpdateThatIsBrokenOffAnywhereCanBeFinishedOrTakenBack() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            var committed = Workloads.any(random);
            var wanted = Workloads.any(random);
            var situation = running(committed, wanted);
            var steps = Planner.update(situation, wanted).steps().stream()
                    .takeWhile(s -> !(s instanceof Step.Commit))
                    .toList();
            int broken = random.nextInt(steps.size() + 1);
            var amid = new Model(situation, wanted)
                    .carriedOut(steps.subList(0, broken))
                    .situation();

            var finished = new Model(amid, wanted)
                    .carriedOut(Planner.update(amid, wanted).steps());
            var back = new Model(amid, committed)
                    .carriedOut(Upkeep.goBack(amid, wanted, Set.of()).steps());

            assertThat(finished.runs(wanted)).as("seed %d", seed).isTrue();
            assertThat(back.runs(committed)).as("seed %d", seed).isTrue();
            assertThat(back.situation().snapshots()).as("seed %d", seed).isEmpty();
            assertThat(back.situation().networks())
                    .as("seed %d", seed)
                    .extracting(Situation.Network::container, Situation.Network::slot)
                    .containsExactlyInAnyOrderElementsOf(committed.containers().keySet().stream()
                            .map(n -> org.assertj.core.groups.Tuple.tuple(n, Slot.MAIN))
                            .toList());
            assertThat(Upkeep.keep(back.situation()).steps())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void noUpdateTouchesWhatStaysAsItIsUnlessTheDeviceIsRebooted() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            var committed = Workloads.any(random);
            var wanted = Workloads.any(random);
            var plan = Planner.update(running(committed), wanted);

            boolean reboots = !steps(plan, Step.Reboot.class).isEmpty();
            assertThat(touched(plan))
                    .as("seed %d", seed)
                    .noneMatch(n -> !reboots
                            && wanted.containers().containsKey(n)
                            && wanted.containers()
                                    .get(n)
                                    .equals(committed.containers().get(n)));
        }
    }

    @Test
    void anyUpdateFetchesEverythingBeforeItTouchesAnything() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            var wanted = Workloads.any(random);
            var steps = Planner.update(Situations.any(random, Workloads.any(random), wanted), wanted)
                    .steps();

            assertThat(steps.stream().dropWhile(Step::preparing))
                    .as("seed %d", seed)
                    .noneMatch(Step::preparing);
        }
    }

    @Test
    void planReadsBackAsItWasWritten() {
        var rules = new UpdateRules(Strategy.HAND_OVER, hook("pre"), hook("post"), hook("over"), 5);
        var old = Workload.of(Map.of(
                "a", Workloads.ruled(container("web", 1), rules),
                "b", keeping(container("db", 1)),
                "c", container("gone", 1)));
        var wanted =
                Workload.of(Map.of("a", Workloads.ruled(container("web", 2), rules), "b", keeping(container("db", 2))));
        var plan = Planner.update(running(old), wanted);
        var tried = Situations.with(old, Situations.kept(wanted), old, wanted)
                .withSnapshots(Set.of(new VolumeId("b", "data")));
        var back = Upkeep.goBack(tried, wanted, Set.of());
        var reboot = new Plan(List.of(
                new Step.Reboot(List.of("a"), Why.CHANGED),
                new Step.CreateVolume("a", VolumeMount.of("v", "/v"), Why.MISSING)));

        for (Plan one : List.of(plan, back, reboot)) {
            assertThat(Plan.JSON.fromJson(Plan.JSON.toJsonBytes(one))).isEqualTo(one);
        }
    }

    private static Optional<UpdateRules.Hook> hook(String command) {
        return Optional.of(new UpdateRules.Hook(List.of(command), 5));
    }

    private static List<String> words(Plan plan) {
        return plan.steps().stream().map(Step::words).toList();
    }

    private static String brief(Step step) {
        return switch (step) {
            case Step.Start start -> "start " + start.container();
            case Step.Reach reach -> "reach " + reach.containers();
            default -> step.words();
        };
    }

    private static <T extends Step> List<T> steps(Plan plan, Class<T> kind) {
        return plan.steps().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static Set<String> touched(Plan plan) {
        return plan.steps().stream()
                .filter(s -> s instanceof Step.Stop || s instanceof Step.Start)
                .map(s -> s.about().orElseThrow())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
