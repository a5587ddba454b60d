package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class FaultMatrixTest {
    @TempDir
    Path folder;

    private int folders;

    @TestFactory
    List<DynamicContainer> deviceIsWholeAfterEachFaultAtEachPlace() throws Exception {
        java.util.logging.Logger l = java.util.logging.Logger.getLogger("io.skerry"); l.setLevel(java.util.logging.Level.OFF);
        List<DynamicContainer> all = new ArrayList<>();
        Map<String, Integer> counts = new TreeMap<>();
        String only = System.getProperty("only", "").replace("_", " ");
        for (Scenario scenario : Scenario.ALL) {
            List<FaultCase> cases = FaultMatrix.of(scenario, FaultMatrix.passages(scenario, next()));
            cases.forEach(c -> counts.merge(scenario + " " + c.fault(), 1, Integer::sum));
            all.add(DynamicContainer.dynamicContainer(scenario.name(), cases.stream().filter(c -> (scenario + ": " + c).contains(only))
                    .map(c -> DynamicTest.dynamicTest(scenario + ": " + c.toString(), () -> run(c)))));
        }
        System.out.println(counts);
        System.out.println(counts.values().stream().mapToInt(i -> i).sum());
        return all;
    }

    private void run(FaultCase fault) throws Exception {
        Path at = next();
        try {
            Throwable[] t = new Throwable[1];
            Thread.ofVirtual().start(() -> { try { FaultRun.run(fault, at); } catch (Throwable e) { t[0] = e; } }).join();
            if (t[0] instanceof Error e) throw e;
            if (t[0] instanceof RuntimeException e) throw e;
        } finally {
            try (var files = Files.walk(at)) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    private Path next() throws Exception {
        return Files.createDirectory(folder.resolve(Integer.toString(++folders)));
    }
}
