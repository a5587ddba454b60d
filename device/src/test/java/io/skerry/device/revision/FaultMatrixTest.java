package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * All faults at all places: before, amid and after each step that engines take, and at each change of their disk. Every one at
 * the steps, and of those at the disk a part, another one each time: the turn is in the tests' names, and {@code
 * -Dskerry.faults=TURN} has the same again. With {@code -Dskerry.faults=all} all of them.
 */
class FaultMatrixTest {
    private static final int LEAST_CASES = 300;
    private static final int PART = 8;
    private static final Logger DAEMON = Logger.getLogger("io.skerry");
    private static final Map<Scenario, List<FaultCase>> CASES = new HashMap<>();
    private static final AtomicInteger FOLDERS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static Level level = Level.INFO;

    @BeforeAll
    static void findTheCases() {
        // Thousands of failures, each told by the daemon at length.
        level = DAEMON.getLevel() == null ? Level.INFO : DAEMON.getLevel();
        DAEMON.setLevel(Level.OFF);
        for (Scenario scenario : Scenario.ALL) {
            CASES.put(scenario, FaultMatrix.of(scenario, FaultMatrix.passages(scenario, next())));
        }
    }

    @AfterAll
    static void logAgain() {
        DAEMON.setLevel(level);
        CASES.clear();
    }

    @Test
    void everyKindOfStepIsMetByEveryFaultThatItCanMeet() {
        Map<String, Set<FaultCase.Fault>> met = new HashMap<>();
        CASES.values().stream()
                .flatMap(List::stream)
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
        assertThat(CASES.values().stream().mapToInt(List::size).sum()).isGreaterThan(LEAST_CASES);
    }

    @TestFactory
    Stream<DynamicTest> deviceIsWholeAfterEachFault() {
        String asked = System.getProperty("skerry.faults", Long.toString(System.nanoTime() % PART));
        OptionalInt turn = asked.equals("all") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(asked));
        return Scenario.ALL.stream()
                .map(scenario ->
                        DynamicTest.dynamicTest(scenario + ", turn " + asked, () -> run(chosen(scenario, turn))));
    }

    private static List<FaultCase> chosen(Scenario scenario, OptionalInt turn) {
        List<FaultCase> all = CASES.getOrDefault(scenario, List.of());
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

    private static void run(List<FaultCase> cases) {
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        try (var pool = Executors.newFixedThreadPool(4)) {
            cases.forEach(c -> pool.execute(() -> {
                Path at = next();
                try {
                    FaultRun.run(c, at);
                } catch (RuntimeException | AssertionError e) {
                    failures.add(c + ": " + e + "\n"
                            + String.join(
                                    "\n",
                                    Arrays.stream(e.getStackTrace())
                                            .limit(8)
                                            .map(StackTraceElement::toString)
                                            .toList()));
                } finally {
                    remove(at);
                }
            }));
        }
        assertThat(failures).as("of %d cases", cases.size()).isEmpty();
    }

    private static Path next() {
        try {
            return Files.createDirectory(folder.resolve(Integer.toString(FOLDERS.incrementAndGet())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
