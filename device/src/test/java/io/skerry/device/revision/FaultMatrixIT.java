package io.skerry.device.revision;

import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The faults of {@link FaultMatrixTest} on the real thing; needs root, runc, conmon, tini and busybox. Each kind of step meets
 * each fault once, in the scenarios and at the places of the first turn: {@code -Dskerry.faults=TURN} has others, {@code
 * -Dskerry.faults=all} all of them, which takes hours, and {@code -Dskerry.case=WORDS} only those with these words.
 */
class FaultMatrixIT {
    private static final HostCommands COMMANDS = new HostCommands();

    @TempDir
    static Path folder;

    private static FaultRuns runs;

    @BeforeAll
    static void findTheCases() {
        // Nothing is lost with memory but waits for a disk: processes die in these tests, not machines.
        COMMANDS.run(HostCommand.of("mount", "-t", "tmpfs", "-o", "size=2g,mode=700", "tmpfs", folder.toString()))
                .orFail();
        Programs programs = new Programs();
        runs = new FaultRuns(folder, (data, places) -> new RuncGround(data, places, programs));
    }

    @AfterAll
    static void unmount() {
        if (runs != null) {
            runs.close();
        }
        // Lazily: the threads of dead daemons, which stand still in this process, have files open.
        COMMANDS.run(HostCommand.of("umount", "-l", folder.toString())).orFail();
    }

    @TestFactory
    Stream<DynamicTest> deviceIsWholeAfterEachFault() {
        String asked = System.getProperty("skerry.faults", "1");
        List<FaultCase> chosen = asked.equals("all") ? atSteps() : chosen(Long.parseLong(asked));
        return Scenario.ALL.stream()
                .map(scenario -> DynamicTest.dynamicTest(
                        scenario + ", turn " + asked,
                        () -> runs.run(chosen.stream()
                                .filter(c -> c.scenario().equals(scenario))
                                .toList())));
    }

    /** What strikes between steps is the engine's own, which needs no containers. */
    private static List<FaultCase> atSteps() {
        return runs.all().stream().filter(c -> !c.kind().equals("state")).toList();
    }

    private static List<FaultCase> chosen(long turn) {
        Map<String, Map<String, List<FaultCase>>> alike = new TreeMap<>();
        atSteps()
                .forEach(c -> alike.computeIfAbsent(c.kind() + " " + c.fault(), _ -> new TreeMap<>())
                        .computeIfAbsent(c.scenario().toString(), _ -> new ArrayList<>())
                        .add(c));
        Random random = new Random(turn);
        return alike.values().stream()
                .map(byScenario -> any(random, List.copyOf(byScenario.values())))
                .map(cases -> any(random, cases))
                .toList();
    }

    private static <T> T any(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
