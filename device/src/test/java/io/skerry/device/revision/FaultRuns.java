package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All cases of all scenarios on one kind of ground, and the running of some of them, each in a folder of its own. */
final class FaultRuns implements AutoCloseable {
    /** Waiting takes more of their time than working. */
    private static final int AT_ONCE = 4;

    private final Logger daemon = Logger.getLogger("");
    private final Level level = daemon.getLevel() == null ? Level.INFO : daemon.getLevel();
    private final Map<Scenario, List<FaultCase>> cases = new HashMap<>();
    private final AtomicInteger folders = new AtomicInteger();
    private final Path folder;
    private final Rig.Kind kind;

    /** Comes by all places of all scenarios once. */
    FaultRuns(Path folder, Rig.Kind kind) {
        this.folder = folder;
        this.kind = kind;
        // Thousands of failures, each told by the daemon at length. Of the root, since LineLog makes the daemon's
        // logger.
        daemon.setLevel(Level.OFF);
        for (Scenario scenario : Scenario.ALL) {
            cases.put(scenario, FaultMatrix.of(scenario, next(), kind));
        }
    }

    List<FaultCase> of(Scenario scenario) {
        return cases.getOrDefault(scenario, List.of());
    }

    List<FaultCase> all() {
        return Scenario.ALL.stream().flatMap(s -> of(s).stream()).toList();
    }

    /** Runs these, several at once; of them only those with {@code -Dskerry.case} in their words, if that is said. */
    void run(List<FaultCase> all) {
        List<FaultCase> chosen = all.stream()
                .filter(c -> (c.scenario() + ": " + c).contains(System.getProperty("skerry.case", "")))
                .toList();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<FaultCase> missed = new ConcurrentLinkedQueue<>();
        try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
            chosen.forEach(c -> pool.execute(() -> {
                Path at = next();
                try {
                    if (!FaultRun.run(c, at, kind)) {
                        missed.add(c);
                    }
                } catch (RuntimeException | AssertionError e) {
                    Throwable root = e.getCause() == null ? e : e.getCause();
                    failures.add(c + ": " + e + "\n"
                            + Arrays.stream(root.getStackTrace())
                                    .limit(8)
                                    .map(StackTraceElement::toString)
                                    .collect(Collectors.joining("\n")));
                } finally {
                    remove(at);
                }
            }));
        }
        assertThat(failures).as("of %d cases", chosen.size()).isEmpty();
        assertThat(missed.size())
                .as("faults of %d that didn't happen: %s", chosen.size(), missed)
                .isLessThanOrEqualTo(chosen.size() / 10 + 1);
    }

    private Path next() {
        try {
            return Files.createDirectory(folder.resolve(Integer.toString(folders.incrementAndGet())));
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

    /** The daemon's words are heard again. */
    @Override
    public void close() {
        daemon.setLevel(level);
    }
}
