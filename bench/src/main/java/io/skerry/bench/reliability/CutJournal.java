package io.skerry.bench.reliability;

import io.avaje.jsonb.JsonType;
import io.skerry.lab.reliability.CutOutcome;
import io.skerry.spec.JsonMappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The cuts of one seed that were made with one build, a line each, so that a run that was interrupted goes on where it stood.
 * The n-th cut of a seed is always drawn from the same number.
 */
final class CutJournal {
    private final Path file;
    private final long seed;
    private final ReentrantLock writing = new ReentrantLock();
    private final JsonType<CutOutcome> lines = JsonMappers.mapper().build().type(CutOutcome.class);

    /**
     * @param folder where journals are kept; made when it is missing
     * @param build names the build of the device
     */
    CutJournal(Path folder, String build, long seed) {
        this.file = folder.resolve(build + "-" + seed + ".jsonl");
        this.seed = seed;
    }

    Path file() {
        return file;
    }

    /** Those that were made, in the order in which they were. */
    List<CutOutcome> made() {
        List<CutOutcome> made = new ArrayList<>();
        try {
            if (Files.exists(file)) {
                String text = Files.readString(file, StandardCharsets.UTF_8);
                // A line without its end was being written when the run was interrupted.
                text.substring(0, text.lastIndexOf('\n') + 1)
                        .lines()
                        .map(lines::fromJson)
                        .forEach(made::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return made;
    }

    /** The numbers from which cuts are drawn that are still to be made. */
    List<Long> wanted(int cuts) {
        Set<Long> done = made().stream().map(CutOutcome::seed).collect(Collectors.toSet());
        return new Random(seed)
                .longs(cuts)
                .filter(n -> !done.contains(n))
                .boxed()
                .toList();
    }

    /** Of the first so many cuts those that were made, in the order in which they were. */
    List<CutOutcome> made(int cuts) {
        Set<Long> first = Set.copyOf(numbers(cuts));
        return made().stream().filter(m -> first.contains(m.seed())).toList();
    }

    private List<Long> numbers(int cuts) {
        return new Random(seed).longs(cuts).boxed().toList();
    }

    void add(CutOutcome outcome) {
        writing.lock();
        try {
            Files.createDirectories(file.getParent());
            StringBuilder text = new StringBuilder();
            made().forEach(m -> text.append(lines.toJson(m)).append('\n'));
            text.append(lines.toJson(outcome)).append('\n');
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, text, StandardCharsets.UTF_8);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writing.unlock();
        }
    }
}
