package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.revision.Step.Why;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Reason;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done of steps that can't be written down. */
class StepRunnerTest {
    private static final Workload WORKLOAD = workload("a", container("web", 1));
    private static final Step ACTS = new Step.Stop("a", Slot.MAIN, Why.CHANGED);
    private static final Step LOOKS = new Step.AwaitLock("a", 60, Why.CHANGED);

    private final List<Step> taken = new ArrayList<>();

    @TempDir
    Path data;

    private RevisionStore store;
    private Revision revision;

    @BeforeEach
    void makeARevision() {
        store = RevisionStore.open(data);
        revision = store.create(WORKLOAD, Plan.NOTHING);
    }

    @Test
    void forwardStepThatCannotBeWrittenDownIsNotTaken() {
        spoilTheJournal();

        Optional<Reason> failure = take(ACTS, Way.FORWARD);

        assertThat(failure.orElseThrow().problem().code()).isEqualTo("disk.failed");
        assertThat(taken).isEmpty();
    }

    @Test
    void forwardStepThatOnlyLooksIsTakenThoughItCannotBeWrittenDown() {
        spoilTheJournal();

        assertThat(take(LOOKS, Way.FORWARD)).isEmpty();

        assertThat(taken).containsExactly(LOOKS);
    }

    @Test
    void stepOnTheWayBackIsTakenThoughItCannotBeWrittenDown() {
        spoilTheJournal();

        assertThat(take(ACTS, Way.BACK)).isEmpty();

        assertThat(taken).containsExactly(ACTS);
    }

    @Test
    void stepIsWrittenDownBeforeItIsTakenAndAfterwards() {
        var before = new ArrayList<JournalEntry.Mark>();

        take(ACTS, Way.FORWARD, () -> before.addAll(marks()));

        assertThat(before).containsExactly(JournalEntry.Mark.BEGUN);
        assertThat(marks()).containsExactly(JournalEntry.Mark.BEGUN, JournalEntry.Mark.DONE);
    }

    private List<JournalEntry.Mark> marks() {
        return store.journal(revision).entries().stream()
                .map(JournalEntry::mark)
                .toList();
    }

    private void spoilTheJournal() {
        StateFiles.makeFolder(data.resolve("revisions/1/journal"));
    }

    private Optional<Reason> take(Step step, Way way) {
        return take(step, way, () -> {});
    }

    private Optional<Reason> take(Step step, Way way, Runnable first) {
        var volumes = new FakeVolumes();
        var hands = new Hands(new FakeImages(), new FakeContainers(volumes), volumes, new FakeMachine());
        var runner = new StepRunner(
                store,
                (s, _, _) -> {
                    first.run();
                    taken.add(s);
                    return Optional.empty();
                },
                hands,
                InstantSource.system());
        return runner.take(step, new Attempt(revision, way, WORKLOAD, 0), new Patience(Ticker.system()));
    }
}
