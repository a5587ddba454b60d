package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * All faults at all places: before, amid and after each step that engines take, and at each change of their disk. Every one at
 * the steps, and of those at the disk a part: {@code -Dskerry.faults=TURN} has another one. With {@code -Dskerry.faults=all} all of them.
 */
class FaultMatrixTest {
    private static final int LEAST_CASES = 300;
    private static final int PART = 8;

    @TempDir
    static Path folder;

    private static FaultRuns runs;

    @BeforeAll
    static void findTheCases() {
        runs = new FaultRuns(folder, FakeGround::new);
    }

    @AfterAll
    static void logAgain() {
        if (runs != null) {
            runs.close();
        }
    }

    @Test
    void everyKindOfStepIsMetByEveryFaultOnEachOccasionOnWhichThatIsPossible() {
        Set<Cell> met = new TreeSet<>(Comparator.comparing(Cell::toString));
        for (Scenario scenario : Scenario.ALL) {
            Occasion.of(scenario)
                    .ifPresent(occasion ->
                            runs.of(scenario).forEach(c -> met.add(new Cell(c.kind(), c.fault(), occasion))));
        }

        Set<Cell> expected = new TreeSet<>(Comparator.comparing(Cell::toString));
        for (Class<?> kind : Step.class.getPermittedSubclasses()) {
            String word =
                    kind.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            for (Occasion occasion : Occasion.values()) {
                for (FaultCase.Fault fault : FaultCase.Fault.values()) {
                    expected.add(new Cell(word, fault, occasion));
                }
            }
        }
        expected.removeIf(Cell::isImpossible);
        met.removeIf(c -> c.kind().equals("state"));

        assertThat(met).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(runs.all()).hasSizeGreaterThan(LEAST_CASES);
    }

    /** On what a device is when a fault strikes. */
    private enum Occasion {
        FIRST_INSTALL,
        UPDATE,
        ROLLBACK;

        /** None for a boot, which changes nothing. */
        static Optional<Occasion> of(Scenario scenario) {
            if (scenario.boot()) {
                return Optional.empty();
            }
            if (scenario.before().containers().isEmpty()) {
                return Optional.of(FIRST_INSTALL);
            }
            return Optional.of(scenario.good() ? UPDATE : ROLLBACK);
        }
    }

    private record Cell(String kind, FaultCase.Fault fault, Occasion occasion) {
        /** What can't be, and why. */
        boolean isImpossible() {
            if (kind.equals("reboot") && fault == FaultCase.Fault.KILLED_AFTER) {
                // After it the machine is down anyway.
                return true;
            }
            return switch (occasion) {
                case FIRST_INSTALL ->
                    switch (kind) {
                        // Nothing runs that could hold one, or that could be asked or told something.
                        case "await-lock", "run-hook" -> true;
                        // No committed program has written anything that a roll-back would have to give back to it.
                        case "snapshot", "restore" -> true;
                        default -> false;
                    };
                // Only what a trial may have spoilt is put back.
                case UPDATE -> kind.equals("restore");
                case ROLLBACK ->
                    switch (kind) {
                        // The committed version has made all volumes that the new one has.
                        case "create-volume" -> true;
                        // What is gone back from isn't committed, and nothing is collected for it.
                        case "commit", "collect" -> true;
                        default -> false;
                    };
            };
        }
    }

    @TestFactory
    Stream<DynamicTest> deviceIsWholeAfterEachFault() {
        String asked = System.getProperty("skerry.faults", "1");
        OptionalInt turn = asked.equals("all") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(asked));
        return Scenario.ALL.stream()
                .map(scenario -> DynamicTest.dynamicTest(
                        scenario + ", turn " + asked, () -> runs.run(chosen(runs.of(scenario), turn))));
    }

    private static List<FaultCase> chosen(List<FaultCase> all, OptionalInt turn) {
        List<FaultCase> chosen = new ArrayList<>();
        int atDisk = 0;
        for (FaultCase one : all) {
            boolean disk = one.place().what().startsWith("disk:");
            if (!disk || turn.isEmpty() || atDisk++ % PART == turn.getAsInt()) {
                chosen.add(one);
            }
        }
        return chosen;
    }
}
