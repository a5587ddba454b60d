package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.revision.FaultCase.Ending;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Has one fault happen and looks what has become of the device. */
final class FaultRun {
    private final FaultCase fault;
    private final Rig rig;
    private final Scenario scenario;

    private FaultRun(FaultCase fault, Rig rig) {
        this.fault = fault;
        this.rig = rig;
        this.scenario = fault.scenario().on(rig.ground);
    }

    /** @return whether the fault happened: how often some places are come by is a matter of time */
    static boolean run(FaultCase fault, Path folder, Rig.Kind kind) {
        try (Rig rig = new Rig(folder, kind)) {
            try {
                return new FaultRun(fault, rig).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(e.getMessage() + "\n" + story(rig), e);
            }
        }
    }

    private boolean run() {
        scenario.prepare(rig);
        int boots = rig.boots();
        Map<String, String> runs = runsOfSame();
        rig.places.arm(fault.place(), fault.laying().on(rig));
        scenario.carryOut(rig);
        if (!rig.places.struck()) {
            check(rig, scenario, scenario.goal());
            return false;
        }
        if (rig.boots() == boots) {
            assertThat(runsOfSame()).as("the containers that don't change").isEqualTo(runs);
        }
        switch (fault.ending()) {
            case Ending.Goal _ -> check(rig, scenario, scenario.goal());
            case Ending.HeldBack(String code) -> {
                Outcome outcome = failed().orElseThrow(() -> new AssertionError("nothing failed"));
                assertThat(outcome.reason().orElseThrow().problem().code()).isEqualTo(code);
                checkHeldBack(outcome);
            }
            case Ending.Either _ -> either();
        }
        return true;
    }

    private Map<String, String> runsOfSame() {
        Map<String, String> runs = new TreeMap<>(rig.ground.runs());
        runs.keySet().retainAll(scenario.same());
        // One whose own record is spoilt can't be kept.
        runs.keySet().removeIf(n -> fault.detail().startsWith("containers/" + n + "/"));
        return runs;
    }

    private void either() {
        // The link tells again what it has accepted whenever the daemon starts.
        rig.offer(scenario.wanted(), "");
        rig.settle();
        Optional<Outcome> failed = failed();
        if (rig.forms().equals(scenario.goal().containers()) || failed.isEmpty()) {
            check(rig, scenario, scenario.goal());
        } else {
            checkHeldBack(failed.get());
        }
    }

    /** All but what failed is as it was asked; and that too, when it is asked once more. */
    private void checkHeldBack(Outcome outcome) {
        Workload expected = scenario.without(outcome.reason().orElseThrow().container(), committedBefore());
        check(rig, scenario, expected);
        scenario.publish(rig);
        rig.offer(scenario.wanted(), "again");
        rig.settle();
        check(rig, scenario, scenario.goal());
    }

    /** What the wanted was to replace: what came meanwhile, if it got through its trial because the wanted was long in coming. */
    private Workload committedBefore() {
        return scenario.meanwhile().filter(m -> wasCommitted(rig, m)).orElse(scenario.before());
    }

    static boolean wasCommitted(Rig rig, Workload workload) {
        return StateFiles.numbers(rig.data.resolve("revisions"), "").stream()
                .flatMap(n -> rig.store().outcome(n).stream())
                .anyMatch(o -> o.workload().equals(workload.digest()) && o.result() == Outcome.Result.COMMITTED);
    }

    /** How the newest attempt that failed ended. */
    private Optional<Outcome> failed() {
        return StateFiles.numbers(rig.data.resolve("revisions"), "").stream()
                .map(n -> rig.store().outcome(n))
                .flatMap(Optional::stream)
                .filter(o -> o.reason().isPresent())
                .findFirst();
    }

    /** As {@link #check}, and tells the whole story when it isn't so. */
    static void checkOrTell(Rig rig, Scenario scenario, Workload expected) {
        try {
            check(rig, scenario, expected);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(e.getMessage() + "\n" + story(rig), e);
        }
    }

    /** The device runs this and nothing else, has nothing that it needn't have, and is so after a restart too. */
    static void check(Rig rig, Scenario scenario, Workload expected) {
        Set<Digest> needed = new HashSet<>();
        for (Workload workload : scenario.all()) {
            needed.addAll(Cleanup.manifests(workload));
        }
        look(rig, expected, needed);
        Map<String, String> runs = rig.ground.runs();
        Map<String, Container> forms = rig.forms();
        Standing standing = rig.standing();
        rig.restart();
        rig.settle();
        assertThat(rig.ground.runs())
                .as("what runs after a restart of the daemon")
                .isEqualTo(runs);
        assertThat(rig.forms()).isEqualTo(forms);
        assertThat(rig.standing().revision().current())
                .isEqualTo(standing.revision().current());
        look(rig, expected, needed);
    }

    private static void look(Rig rig, Workload expected, Set<Digest> needed) {
        assertThat(words(rig.forms())).as("what runs").isEqualTo(words(expected.containers()));
        assertThat(words(rig.committed().containers())).as("what is committed").isEqualTo(words(expected.containers()));
        assertThat(rig.forms()).as("what runs").isEqualTo(expected.containers());
        assertThat(rig.committed().containers()).as("what is committed").isEqualTo(expected.containers());
        assertThat(rig.standing().problems()).as("problems").isEmpty();
        assertThat(rig.ground.present().values())
                .as("what is there")
                .allMatch(p -> p.kept() && p.beside().isEmpty());
        assertThat(rig.store().trying()).as("trying").isEmpty();
        assertThat(rig.files()).as("files").noneMatch(f -> f.endsWith(".tmp") || f.equals("trying"));
        // What programs do they do in their own time.
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> lookAround(rig.ground, expected, needed));
    }

    private static void lookAround(Ground ground, Workload expected, Set<Digest> needed) {
        Set<Situation.Network> networks = new HashSet<>();
        Set<String> volumes = new TreeSet<>();
        expected.containers().forEach((name, container) -> {
            networks.add(new Situation.Network(name, Slot.MAIN));
            container.volumes().forEach(v -> volumes.add(name + "/" + v.source()));
        });
        assertThat(ground.networks()).as("networks").isEqualTo(networks);
        Map<VolumeId, String> contents = ground.volumes();
        assertThat(contents.keySet().stream().map(v -> v.container() + "/" + v.volume()))
                .as("volumes")
                .containsAll(volumes);
        contents.forEach((id, content) -> {
            Container container = expected.containers().get(id.container());
            if (container == null) {
                return;
            }
            String program = id.container() + ":" + container.service().version() + ";";
            assertThat(content)
                    .as("what is in " + id)
                    .matches(
                            container.service().version() == 1
                                    ? "(" + program + ")+"
                                    : "(" + id.container() + ":[12];)*(" + program + ")+");
        });
        assertThat(ground.remains(expected, needed)).as("remains").isEmpty();
    }

    private static String words(Map<String, Container> containers) {
        return new TreeMap<>(containers)
                .entrySet().stream()
                        .map(e -> e.getKey() + ":" + e.getValue().service().version())
                        .collect(Collectors.joining(" "));
    }

    private static String story(Rig rig) {
        StringBuilder story = new StringBuilder(rig.ground.story() + "\nfiles: " + rig.files() + "\n");
        story.append("volumes: ").append(rig.ground.volumes()).append("\n");
        for (int n : StateFiles.numbers(rig.data.resolve("revisions"), "").reversed()) {
            try {
                story.append("revision ")
                        .append(n)
                        .append(": ")
                        .append(rig.store().outcome(n))
                        .append("\n");
                for (JournalEntry e : new Journal(rig.data.resolve("revisions/" + n)).entries()) {
                    story.append("  ")
                            .append(e.boot())
                            .append(" ")
                            .append(e.attempt())
                            .append(" ")
                            .append(e.way().word())
                            .append(": ")
                            .append(e.step())
                            .append(" ")
                            .append(e.mark().word())
                            .append(e.problem().map(p -> " " + p.code()).orElse(""))
                            .append("\n");
                }
            } catch (RuntimeException e) {
                story.append("  ").append(e).append("\n");
            }
        }
        return story.toString();
    }
}
