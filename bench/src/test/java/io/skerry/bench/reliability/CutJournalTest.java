package io.skerry.bench.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.reliability.CutOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutJournalTest {
    private static final long SEED = 7;

    @TempDir
    private Path folder;

    @Test
    void interruptedRunGoesOnWithTheCutsThatAreStillToBeMade() {
        List<Long> all = journal().wanted(3);
        assertThat(all).hasSize(3).doesNotHaveDuplicates();

        journal().add(cut(all.getFirst(), List.of()));

        assertThat(journal().wanted(3)).isEqualTo(all.subList(1, 3));
        assertThat(journal().wanted(1)).isEmpty();
        assertThat(journal().made()).containsExactly(cut(all.getFirst(), List.of()));
    }

    @Test
    void cutsOfDevicesThatShareThemAreCountedInWhateverOrderTheyEnd() {
        List<Long> all = journal().wanted(3);

        journal().add(cut(all.get(2), List.of()));
        journal().add(cut(all.get(0), List.of()));

        assertThat(journal().wanted(3)).containsExactly(all.get(1));
        assertThat(journal().made(2)).containsExactly(cut(all.get(0), List.of()));
    }

    @Test
    void lineThatWasBeingWrittenIsPassedOverAndMadeAgain() throws IOException {
        journal().add(cut(1, List.of()));
        Files.writeString(journal().file(), "{\"seed\":", StandardOpenOption.APPEND);
        assertThat(journal().made()).hasSize(1);

        journal().add(cut(2, List.of("it stood still")));

        assertThat(journal().made()).containsExactly(cut(1, List.of()), cut(2, List.of("it stood still")));
    }

    @Test
    void anotherSeedAndAnotherBuildBeginAnew() {
        journal().add(cut(1, List.of()));

        assertThat(new CutJournal(folder, "build", SEED + 1).made()).isEmpty();
        assertThat(new CutJournal(folder, "other", SEED).made()).isEmpty();
    }

    @Test
    void tallyCountsWhatCameUpAndWhatWasWrong() {
        CutTally tally = new CutTally(List.of(cut(1, List.of()), cut(2, List.of("it stood still"))));

        assertThat(tally.bad()).containsExactly(cut(2, List.of("it stood still")));
        assertThat(tally.table())
                .contains("| cuts | 2 |", "| with something wrong | 1 |", "| after which the old version ran | 2 |");
        assertThat(new CutTally(List.of()).table()).contains("| cuts | 0 |");
    }

    private CutJournal journal() {
        return new CutJournal(folder.resolve("journals"), "build", SEED);
    }

    private static CutOutcome cut(long seed, List<String> faults) {
        return new CutOutcome(seed, 1, 2, "after 5 ms", "3 blocks", false, 3, 1, 1, 2.5, 4.25, faults);
    }
}
