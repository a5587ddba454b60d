package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.revision.FaultCase.Ending;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Has one fault happen and looks what has become of the device. */
final class FaultRun {
    private final FaultCase fault;
    private final Rig rig;
    private final Scenario scenario;

    private FaultRun(FaultCase fault, Rig rig) {
        this.fault = fault;
        this.rig = rig;
        this.scenario = fault.scenario();
    }

    static void run(FaultCase fault, Path folder) {
        try (Rig rig = new Rig(folder)) {
            try {
                new FaultRun(fault, rig).run();
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + story(rig), e);
            }
        }
    }

    private void run() {
        scenario.prepare(rig);
        int boots = rig.boots();
        rig.places.arm(fault.place(), fault.laying().on(rig));
        scenario.carryOut(rig);
        assertThat(rig.places.struck()).as("the fault happened").isTrue();
        if (rig.boots() == boots) {
            assertThat(rig.containers.calls)
                    .as("what was done to containers that don't change")
                    .noneMatch(c -> scenario.same().stream().anyMatch(n -> c.matches("(stop|start) " + n + "(:.*)?")));
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
        Workload expected = scenario.without(outcome.reason().orElseThrow().container());
        check(rig, scenario, expected);
        scenario.publish(rig);
        rig.offer(scenario.wanted(), "again");
        rig.settle();
        check(rig, scenario, scenario.goal());
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
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + story(rig), e);
        }
    }

    /** The device runs this and nothing else, has nothing that it needn't have, and is so after a restart too. */
    static void check(Rig rig, Scenario scenario, Workload expected) {
        look(rig, expected);
        List<String> calls = List.copyOf(rig.containers.calls);
        Map<String, Container> forms = rig.forms();
        Standing standing = rig.standing();
        rig.restart();
        rig.settle();
        assertThat(rig.containers.calls).as("what a restart of the daemon does").isEqualTo(calls);
        assertThat(rig.forms()).isEqualTo(forms);
        assertThat(rig.standing().revision().current())
                .isEqualTo(standing.revision().current());
        look(rig, expected);
        Set<Digest> needed = new HashSet<>();
        for (Workload workload : List.of(scenario.before(), scenario.wanted())) {
            needed.addAll(Cleanup.manifests(workload));
        }
        assertThat(needed).as("images").containsAll(rig.images.touched());
    }

    private static void look(Rig rig, Workload expected) {
        assertThat(words(rig.forms())).as("what runs").isEqualTo(words(expected.containers()));
        assertThat(words(rig.committed().containers())).as("what is committed").isEqualTo(words(expected.containers()));
        assertThat(rig.forms()).as("what runs").isEqualTo(expected.containers());
        assertThat(rig.committed().containers()).as("what is committed").isEqualTo(expected.containers());
        assertThat(rig.standing().problems()).as("problems").isEmpty();
        Set<Situation.Network> networks = new HashSet<>();
        Set<String> volumes = new TreeSet<>();
        expected.containers().forEach((name, container) -> {
            networks.add(new Situation.Network(name, Slot.MAIN));
            container.volumes().forEach(v -> volumes.add(name + "/" + v.source()));
        });
        assertThat(rig.containers.present().values())
                .as("what is there")
                .allMatch(p -> p.kept() && p.beside().isEmpty());
        assertThat(rig.containers.networks()).as("networks").isEqualTo(networks);
        assertThat(rig.volumes.contents().keySet().stream().map(v -> v.container() + "/" + v.volume()))
                .as("volumes")
                .containsAll(volumes);
        rig.volumes.contents().forEach((id, content) -> {
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
                                    : "(" + id.container() + ":1;)*(" + program + ")+");
        });
        assertThat(rig.volumes.allKept())
                .as("snapshots")
                .allSatisfy((_, kept) -> assertThat(kept).isEmpty());
        assertThat(rig.volumes.halves()).as("volumes half made").isEmpty();
        assertThat(rig.images.corrupt())
                .as("images that aren't what their digest says")
                .isEmpty();
        assertThat(rig.images.reserved()).as("reserved").isEmpty();
        assertThat(rig.store().trying()).as("trying").isEmpty();
        assertThat(rig.files()).as("files").noneMatch(f -> f.endsWith(".tmp") || f.equals("trying"));
    }

    private static String words(Map<String, Container> containers) {
        return new TreeMap<>(containers)
                .entrySet().stream()
                        .map(e -> e.getKey() + ":" + e.getValue().service().version())
                        .collect(Collectors.joining(" "));
    }

    private static String story(Rig rig) {
        StringBuilder story = new StringBuilder("calls: " + rig.containers.calls + "\nfiles: " + rig.files() + "\n");
        story.append("volumes: ").append(rig.volumes.contents()).append("\n");
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
