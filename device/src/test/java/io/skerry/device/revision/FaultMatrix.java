package io.skerry.device.revision;

import io.skerry.device.revision.FaultCase.Ending;
import io.skerry.device.revision.FaultCase.Fault;
import io.skerry.device.revision.FaultCase.Laying;
import io.skerry.device.revision.Places.Passage;
import io.skerry.device.revision.Places.Taken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All faults at all places that a scenario comes by when nothing fails. The places are those of the engine's own run, so the
 * steps are its plans'.
 */
final class FaultMatrix {
    private static final List<Spoiling> SPOILINGS = List.of(Spoiling.values());
    private final Scenario model;
    private final Scenario scenario;
    private final Ground ground;
    private final List<FaultCase> cases = new ArrayList<>();
    private int turn;

    private FaultMatrix(Scenario model, Scenario scenario, Ground ground) {
        this.model = model;
        this.scenario = scenario;
        this.ground = ground;
    }

    /** Comes by all places without a fault, and lays all faults at each. */
    static List<FaultCase> of(Scenario model, Path folder, Rig.Kind kind) {
        try (Rig rig = new Rig(folder, kind)) {
            Scenario scenario = model.on(rig.ground);
            scenario.prepare(rig);
            rig.places.note(rig::files);
            scenario.carryOut(rig);
            List<Passage> passages = rig.places.passages();
            FaultRun.checkOrTell(rig, scenario, scenario.goal());
            if (scenario.meanwhile().filter(m -> FaultRun.wasCommitted(rig, m)).isPresent()) {
                throw new AssertionError("what came meanwhile wasn't replaced on its trial");
            }
            FaultMatrix matrix = new FaultMatrix(model, scenario, rig.ground);
            passages.forEach(matrix::at);
            return matrix.cases;
        }
    }

    private void at(Passage passage) {
        if (passage.disk()) {
            atDisk(passage);
            return;
        }
        switch (passage.point()) {
            case BEFORE -> before(passage, passage.step().orElseThrow());
            case AMID -> {
                if (passage.place().nth() == 1) {
                    killed(passage, Fault.KILLED_INSIDE);
                }
            }
            case AFTER -> killed(passage, Fault.KILLED_AFTER);
            case BETWEEN -> throw new IllegalStateException(passage + " is at no step");
        }
    }

    private void before(Passage passage, Taken taken) {
        killed(passage, Fault.KILLED_BEFORE);
        add(passage, Fault.ERROR, "", ended(taken, StepFaults.errorCode(taken.step())), StepFaults.error(taken));
        add(passage, Fault.TIMEOUT, "", timedOut(taken), StepFaults.timeout(taken));
        add(passage, Fault.NO_SPACE, "", new Ending.Goal(), StepFaults.problem("disk.full"));
        StepFaults.corruptImage(taken)
                .ifPresent(laying -> add(
                        passage, Fault.CORRUPT_INPUT, "image", ended(taken, ground.corrupted(taken.step())), laying));
        List<String> files =
                passage.files().stream().filter(f -> !f.endsWith(".tmp")).toList();
        for (int i = 0; i < 2; i++) {
            // By turns, so that each file meets each spoiling at some step.
            String file = files.get((turn * 5 + i) % files.size());
            Spoiling spoiling = SPOILINGS.get(turn % SPOILINGS.size());
            turn++;
            add(passage, Fault.CORRUPT_INPUT, file + " " + spoiling.words(), new Ending.Either(), rig -> _ -> {
                rig.whileDown(() -> spoiling.spoil(rig.data.resolve(file)));
                throw rig.kill(false);
            });
        }
    }

    private void killed(Passage passage, Fault fault) {
        add(passage, fault, "", new Ending.Goal(), rig -> _ -> {
            throw rig.kill(false);
        });
        add(passage, fault, "with the power", new Ending.Goal(), rig -> _ -> {
            throw rig.kill(true);
        });
    }

    private void atDisk(Passage passage) {
        String what = passage.place().what();
        add(passage, Fault.KILLED_INSIDE, "", new Ending.Goal(), rig -> _ -> {
            throw rig.kill(false);
        });
        if (!what.startsWith("disk: sync") && !what.startsWith("disk: delete")) {
            add(passage, Fault.NO_SPACE, "", new Ending.Goal(), failing("No space left on device"));
        }
        if (!what.startsWith("disk: write half")) {
            add(passage, Fault.ERROR, "", new Ending.Goal(), failing("Input/output error"));
        }
    }

    private static Laying failing(String message) {
        return _ -> _ -> {
            throw new IOException(message);
        };
    }

    private Ending ended(Taken taken, Optional<String> code) {
        return scenario.good()
                        && taken.attempt().target().equals(scenario.wanted())
                        && forward(taken)
                        && code.isPresent()
                ? new Ending.HeldBack(code.get())
                : new Ending.Goal();
    }

    private static boolean forward(Taken taken) {
        return taken.attempt().way() == Way.FORWARD;
    }

    private Ending timedOut(Taken taken) {
        return ended(taken, StepFaults.timeoutCode(taken.step()));
    }

    private void add(Passage passage, Fault fault, String detail, Ending ending, Laying laying) {
        String kind = passage.step().map(t -> StepRunner.kind(t.step())).orElse("state");
        cases.add(new FaultCase(model, kind, fault, passage.place(), detail, ending, laying));
    }
}
