package io.skerry.cloud.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.FullTables;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.storage.RowSum;
import io.skerry.cloud.storage.Snapshot;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.storage.Unfinished;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the embedded database to PostgreSQL. */
@Tag(TestDatabase.POSTGRESQL)
class DatabaseMoveTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2027-03-01T12:00:00Z"));

    private final Path data;
    private final PostgresAddress target;

    DatabaseMoveTest(@TempDir Path root) {
        data = root.resolve("data");
        target = TestDatabase.postgres(data);
        try (DataFolder folder = DataFolder.open(data);
                Storage storage = TestDatabase.embedded(folder)) {
            FullTables.fill(storage);
        }
    }

    @Test
    void allRowsAreThereInANewEpochAndTheOldDatabaseIsAsItWas() throws IOException {
        Map<String, RowSum> before = sums(Snapshot.of(data));

        Map<String, RowSum> moved = move();

        assertThat(moved).isEqualTo(before);
        Map<String, RowSum> after = sums(Snapshot.of(target));
        after.remove("desired_states");
        before.remove("desired_states");
        assertThat(after).isEqualTo(before);
        try (Snapshot there = Snapshot.of(target)) {
            List<Long> epochs = there.read(h -> h.createQuery("SELECT DISTINCT epoch FROM desired_states")
                    .mapTo(Long.class)
                    .list());
            assertThat(epochs).containsExactly(NOON.instant().getEpochSecond());
        }

        assertProblem("data.moved", () -> Snapshot.of(data));
        Files.delete(data.resolve("moved.json"));
        Map<String, RowSum> left = sums(Snapshot.of(data));
        assertThat(left.remove("desired_states")).isEqualTo(moved.get("desired_states"));
        assertThat(left).isEqualTo(before);
    }

    @Test
    void nobodyStartsOnTheOldDatabaseOrMovesItTwice() {
        move();

        try (DataFolder folder = DataFolder.open(data)) {
            assertThatThrownBy(() -> TestDatabase.embedded(folder))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.code()).isEqualTo("data.moved");
                        assertThat(e.problem().message()).contains(target.told());
                    });
            try (Storage storage = Storage.open(target)) {
                assertThat(FullTables.names(storage)).isNotEmpty();
            }
        }
        assertProblem("data.moved", this::move);
    }

    @Test
    void aControlPlaneThatRunsKeepsItsDatabase() {
        try (DataFolder folder = DataFolder.open(data)) {
            assertThat(folder.root()).isEqualTo(data);
            assertProblem("data.in-use", this::move);
        }
    }

    @Test
    void aDatabaseThatHoldsAnythingIsRefusedAndTheOldOneStaysInUse() {
        customer("c");

        assertProblem("database.not-empty", this::move);

        try (DataFolder folder = DataFolder.open(data);
                Storage storage = TestDatabase.embedded(folder)) {
            assertThat(FullTables.names(storage)).isNotEmpty();
        }
    }

    @Test
    void aMoveThatWasCutOffWhileItWasKeptIsFinishedByTheNextTry() throws IOException {
        // Kept there, and not yet said so here.
        move();
        Files.delete(data.resolve("moved.json"));
        try (DataFolder folder = DataFolder.open(data)) {
            folder.begin(new Unfinished("migrate", target.told()));
        }
        assertProblem("data.unfinished", () -> DataFolder.open(data));

        assertThat(move()).hasSizeGreaterThan(20);

        assertProblem("data.moved", () -> Snapshot.of(data));
        DataFolder.open(data).close();
    }

    @Test
    void aMoveThatWasCutOffBeforeItWasKeptBeginsAnew() {
        try (DataFolder folder = DataFolder.open(data)) {
            folder.begin(new Unfinished("migrate", target.told()));
        }

        move();

        assertThat(rows(sums(Snapshot.of(target)), "customers")).isEqualTo(3);
        DataFolder.open(data).close();
    }

    @Test
    void aMoveThatWasCutOffIsNotTakenForDoneWhereTheDatabaseHoldsSomethingElse() {
        try (DataFolder folder = DataFolder.open(data)) {
            folder.begin(new Unfinished("migrate", target.told()));
        }
        customer("c");
        assertProblem("database.not-empty", this::move);

        var other = new DatabaseMove(data, TestDatabase.bare(), NOON);
        assertProblem("data.unfinished", other::carryOut);
    }

    private Map<String, RowSum> move() {
        return new DatabaseMove(data, target, NOON).carryOut();
    }

    private void customer(String id) {
        try (Storage storage = Storage.open(target)) {
            storage.write(h -> h.execute("INSERT INTO customers VALUES (?, 'north', 1)", id));
        }
    }

    private static Map<String, RowSum> sums(Snapshot snapshot) {
        try (snapshot) {
            var sums = new TreeMap<String, RowSum>();
            List.copyOf(snapshot.columns().keySet()).forEach(table -> {
                var counter = new RowSum.Counter();
                snapshot.rows(table, counter::add);
                sums.put(table, counter.sum());
            });
            return sums;
        }
    }

    private static long rows(Map<String, RowSum> sums, String table) {
        return Objects.requireNonNull(sums.get(table)).rows();
    }

    private static void assertProblem(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
