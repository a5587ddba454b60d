package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.revision.Step.Why;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final int CASES = 2000;

    @Test
    void firstWorkloadIsPreparedStartedWatchedAndCommitted() {
        var wanted = workload("a", container("web", 1));

        var plan = Planner.plan(new Situation(Workload.EMPTY, Map.of(), Set.of()), wanted);

        assertThat(plan)
                .containsExactly(
                        new Step.Prepare(container("web", 1).image()),
                        new Step.Start("a", Why.NEW),
                        new Step.Watch(List.of("a")),
                        new Step.Commit(wanted.digest().value()),
                        new Step.Collect(List.of()));
    }

    @Test
    void changedContainerIsStoppedAndStartedAtOneGoAndTheOtherIsLeftAlone() {
        var old = workload("a", container("web", 1), "b", container("db", 1));
        var wanted = workload("a", container("web", 2), "b", container("db", 1));

        var plan = Planner.plan(running(old, manifests(wanted)), wanted);

        assertThat(plan)
                .containsExactly(
                        new Step.Stop("a", Why.CHANGED),
                        new Step.Start("a", Why.CHANGED),
                        new Step.Watch(List.of("a")),
                        new Step.Commit(wanted.digest().value()),
                        new Step.Collect(List.of()));
    }

    @Test
    void whatIsRemovedIsStoppedFirstAndItsVolumesGoAfterTheCommit() {
        var old = workload("a", container("web", 1), "b", container("db", 1));
        var wanted = workload("a", container("web", 2));

        var plan = Planner.plan(running(old, Set.of()), wanted);

        assertThat(plan)
                .containsExactly(
                        new Step.Prepare(container("web", 2).image()),
                        new Step.Stop("b", Why.REMOVED),
                        new Step.Stop("a", Why.CHANGED),
                        new Step.Start("a", Why.CHANGED),
                        new Step.Watch(List.of("a")),
                        new Step.Commit(wanted.digest().value()),
                        new Step.Collect(List.of("b")));
    }

    @Test
    void twoContainersOfOneImagePrepareItOnce() {
        var wanted = workload("a", container("web", 1), "b", container("web", 1));

        var plan = Planner.plan(new Situation(Workload.EMPTY, Map.of(), Set.of()), wanted);

        assertThat(plan).filteredOn(Step.Prepare.class::isInstance).hasSize(1);
    }

    @Test
    void whatRunsButWasNeverCommittedIsStillWatched() {
        var wanted = workload("a", container("web", 2));
        var committed = workload("a", container("web", 1));

        var plan = Planner.plan(new Situation(committed, wanted.containers(), manifests(wanted)), wanted);

        assertThat(plan)
                .containsExactly(
                        new Step.Watch(List.of("a")),
                        new Step.Commit(wanted.digest().value()),
                        new Step.Collect(List.of()));
    }

    @Test
    void anyPlanLeadsToWhatIsWantedAndLeavesTheUnchangedAlone() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            var committed = Workloads.any(random);
            var present = Workloads.any(random).containers();
            var wanted = Workloads.any(random);
            var situation = new Situation(committed, present, random.nextBoolean() ? manifests(wanted) : Set.of());

            var plan = Planner.plan(situation, wanted);

            assertThat(carriedOut(plan, present, wanted)).as("seed %d", seed).isEqualTo(wanted.containers());
            assertThat(touched(plan))
                    .as("seed %d", seed)
                    .noneMatch(n -> wanted.containers().containsKey(n)
                            && wanted.containers().get(n).equals(present.get(n)));
            assertThat(Planner.plan(situation, wanted)).as("seed %d", seed).isEqualTo(plan);
            assertThat(Planner.plan(running(wanted, manifests(wanted)), wanted))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void anyPlanPreparesEverythingBeforeItStopsAnything() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            var plan = Planner.plan(
                    new Situation(Workloads.any(random), Workloads.any(random).containers(), Set.of()),
                    Workloads.any(random));

            int lastPrepare = -1;
            int firstStop = Integer.MAX_VALUE;
            for (int step = 0; step < plan.size(); step++) {
                lastPrepare = plan.get(step) instanceof Step.Prepare ? step : lastPrepare;
                firstStop = plan.get(step) instanceof Step.Stop ? Math.min(firstStop, step) : firstStop;
            }
            assertThat(lastPrepare).as("seed %d", seed).isLessThan(firstStop);
        }
    }

    @Test
    void planReadsBackAsItWasWritten() {
        var plan = new Plan(Planner.plan(
                running(workload("a", container("web", 1), "b", container("db", 1)), Set.of()),
                workload("a", container("web", 2))));

        assertThat(Plan.JSON.fromJson(Plan.JSON.toJsonBytes(plan))).isEqualTo(plan);
    }

    private static Situation running(Workload workload, Set<Digest> prepared) {
        return new Situation(workload, workload.containers(), prepared);
    }

    private static Set<Digest> manifests(Workload workload) {
        var manifests = new HashSet<Digest>();
        workload.containers().values().forEach(c -> manifests.add(c.image().manifest()));
        return manifests;
    }

    private static Map<String, Container> carriedOut(List<Step> plan, Map<String, Container> present, Workload wanted) {
        var after = new TreeMap<>(present);
        for (Step step : plan) {
            if (step instanceof Step.Stop stop) {
                assertThat(after.remove(stop.name()))
                        .as("stopped %s", stop.name())
                        .isNotNull();
            } else if (step instanceof Step.Start start) {
                assertThat(after.put(start.name(), wanted.containers().get(start.name())))
                        .as("%s was stopped before", start.name())
                        .isNull();
            }
        }
        return after;
    }

    private static Set<String> touched(List<Step> plan) {
        var names = new HashSet<String>();
        for (Step step : plan) {
            if (step instanceof Step.Stop stop) {
                names.add(stop.name());
            } else if (step instanceof Step.Start start) {
                names.add(start.name());
            }
        }
        return names;
    }
}
