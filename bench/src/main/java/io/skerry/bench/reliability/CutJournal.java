package io.skerry.bench.reliability;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.skerry.lab.reliability.CutOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The cuts of one seed that were made with one build, a line each, so that a run that was interrupted goes on where it stood.
 * The n-th cut of a seed is always drawn from the same number.
 */
final class CutJournal {
    private final Path file;
    private final long seed;
    private final JsonType<CutOutcome> lines = Jsonb.instance().type(CutOutcome.class);

    /**
     * @param folder where journals are kept; made when it is missing
     * @param build names the build
     */
    CutJournal(Path folder, String build, long seed) {
        this.file = folder.resolve(build + "-" + seed + ".jsonl");
        this.seed = seed;
    }

    Path file() {
        return file;
    }

    /** Those that were made, in their order. */
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
        Random random = new Random(seed);
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < cuts; i++) {
            all.add(random.nextLong());
        }
        return List.copyOf(all.subList(Math.min(made().size(), cuts), cuts));
    }

    void add(CutOutcome outcome) {
        try {
            Files.createDirectories(file.getParent());
            StringBuilder text = new StringBuilder();
            made().forEach(m -> text.append(lines.toJson(m)).append('\n'));
            text.append(lines.toJson(outcome)).append('\n');
            Files.writeString(
                    file,
                    text,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
