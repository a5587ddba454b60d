package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
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
    void everyKindOfStepIsMetByEveryFaultThatItCanMeet() {
        Map<String, Set<FaultCase.Fault>> met = new HashMap<>();
        runs.all()
                .forEach(
                        c -> met.computeIfAbsent(c.kind(), _ -> new HashSet<>()).add(c.fault()));

        for (Class<?> kind : Step.class.getPermittedSubclasses()) {
            String word =
                    kind.getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            Set<FaultCase.Fault> meets = EnumSet.allOf(FaultCase.Fault.class);
            if (kind == Step.Reboot.class) {
                // After it the machine is down anyway.
                meets.remove(FaultCase.Fault.KILLED_AFTER);
            }
            assertThat(met.get(word)).as(word).containsAll(meets);
        }
        assertThat(runs.all()).hasSizeGreaterThan(LEAST_CASES);
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
