package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows on their way between the two databases. */
@Tag(TestDatabase.POSTGRESQL)
class NewDatabaseTest {
    private final Path root;
    private final DataFolder folder;

    NewDatabaseTest(@TempDir Path root) {
        this.root = root;
        folder = DataFolder.open(root.resolve("embedded"));
        try (var storage = TestDatabase.embedded(folder)) {
            FullTables.fill(storage);
        }
        folder.close();
    }

    @Test
    void allRowsOfAllTablesGoToPostgresqlAndBack() {
        PostgresAddress there = TestDatabase.bare();
        Map<String, RowSum> here;
        try (Snapshot source = Snapshot.of(folder.root())) {
            here = sums(source);
            assertThat(NewDatabase.at(there).fill(source, h -> {})).isEqualTo(here);
            assertThat(NewDatabase.at(there).differing(source)).isEmpty();
        }
        try (var storage = Storage.open(there)) {
            assertThat(here.keySet()).isEqualTo(FullTables.names(storage));
        }
        assertThat(here.values()).allSatisfy(s -> assertThat(s.rows()).isEqualTo(3));

        try (Snapshot source = Snapshot.of(there);
                DataFolder back = DataFolder.open(root.resolve("back"))) {
            NewDatabase.in(back).fill(source, h -> {});
        }
        try (Snapshot back = Snapshot.of(root.resolve("back"))) {
            assertThat(sums(back)).isEqualTo(here);
        }
    }

    @Test
    void aDatabaseThatHoldsAnythingIsRefusedAndLeftAsItIs() {
        PostgresAddress there = TestDatabase.postgres(root);
        try (var storage = Storage.open(there)) {
            storage.write(h -> h.execute("INSERT INTO customers VALUES ('c', 'north', 1)"));
        }
        try (Snapshot source = Snapshot.of(folder.root())) {
            assertProblem("database.not-empty", () -> NewDatabase.at(there).fill(source, h -> {}));
        }
        try (Snapshot left = Snapshot.of(there)) {
            assertThat(rows(sums(left), "customers")).isEqualTo(1);
        }
    }

    @Test
    void oneThatFailsLeavesNothingAndCanBeDoneAgain() throws Exception {
        PostgresAddress there = TestDatabase.postgres(root);
        try (Snapshot source = Snapshot.of(folder.root())) {
            assertThatThrownBy(() -> NewDatabase.at(there).fill(source, h -> {
                        throw new IllegalStateException("at the very end");
                    }))
                    .hasMessage("at the very end");
            NewDatabase.at(there).requireEmpty();

            try (CutWire wire = TestDatabase.wire()) {
                PostgresAddress byWire = TestDatabase.through(wire, root);
                assertProblem(
                        "database.not-filled",
                        () -> NewDatabase.at(byWire).fill(source, h -> wire.cut(CutWire.Cut.BEFORE_COMMIT)));
                assertThat(wire.isCut()).isTrue();
            }
            NewDatabase.at(there).requireEmpty();

            NewDatabase.at(there).fill(source, h -> {});
            assertThat(NewDatabase.at(there).differing(source)).isEmpty();
        }
    }

    @Test
    void whetherACommitWhoseAnswerGotLostWasKeptIsSeenAfterwards() throws Exception {
        try (Snapshot source = Snapshot.of(folder.root());
                CutWire wire = TestDatabase.wire()) {
            PostgresAddress byWire = TestDatabase.through(wire, root);
            assertProblem(
                    "database.not-filled",
                    () -> NewDatabase.at(byWire).fill(source, h -> wire.cut(CutWire.Cut.AFTER_COMMIT)));

            assertThat(NewDatabase.at(TestDatabase.postgres(root)).differing(source))
                    .isEmpty();
        }
    }

    @Test
    void rowsThatAreChangedOnTheirWayAreNotKept() {
        PostgresAddress there = TestDatabase.postgres(root);
        try (Snapshot source = Snapshot.of(folder.root())) {
            var unsorted = new Changed(source) {
                @Override
                public void rows(String table, Consumer<String> line) {
                    var lines = new java.util.ArrayList<String>();
                    source.rows(table, lines::add);
                    lines.reversed().forEach(line);
                }
            };
            assertProblem("database.not-filled", () -> NewDatabase.at(there).fill(unsorted, h -> {}));
        }
        NewDatabase.at(there).requireEmpty();
    }

    @Test
    void tablesThatOneSideDoesNotHaveAreNamed() {
        PostgresAddress there = TestDatabase.postgres(root);
        try (Snapshot source = Snapshot.of(folder.root())) {
            var fewer = new Changed(source) {
                @Override
                public Map<String, List<String>> columns() {
                    var columns = new TreeMap<>(source.columns());
                    columns.remove("audit_log");
                    return columns;
                }
            };
            assertThatThrownBy(() -> NewDatabase.at(there).fill(fewer, h -> {}))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.code()).isEqualTo("database.other-tables");
                        assertThat(e.problem().message()).contains("audit_log");
                    });
        }
    }

    @Test
    void rowsOfALaterVersionAreRefused() {
        try (Snapshot source = Snapshot.of(folder.root())) {
            var later = new Changed(source) {
                @Override
                public String schema() {
                    return "999";
                }
            };
            assertProblem(
                    "data.newer-version",
                    () -> NewDatabase.at(TestDatabase.postgres(root)).fill(later, h -> {}));
        }
    }

    @Test
    void aDatabaseInWhichNothingWasEverMadeHasNoSnapshot() {
        PostgresAddress bare = TestDatabase.bare();
        assertProblem("backup.nothing", () -> Snapshot.of(bare).close());
        assertProblem(
                "backup.nothing", () -> Snapshot.of(root.resolve("nowhere")).close());
    }

    private abstract static class Changed implements AllRows {
        private final AllRows rows;

        Changed(AllRows rows) {
            this.rows = rows;
        }

        @Override
        public String schema() {
            return rows.schema();
        }

        @Override
        public Map<String, List<String>> columns() {
            return rows.columns();
        }

        @Override
        public void rows(String table, Consumer<String> line) {
            rows.rows(table, line);
        }
    }

    private static Map<String, RowSum> sums(AllRows rows) {
        var sums = new TreeMap<String, RowSum>();
        rows.columns().keySet().forEach(table -> {
            var counter = new RowSum.Counter();
            rows.rows(table, counter::add);
            sums.put(table, counter.sum());
        });
        return sums;
    }

    private static long rows(Map<String, RowSum> sums, String table) {
        return Objects.requireNonNull(sums.get(table)).rows();
    }

    private static void assertProblem(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
