package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class StorageTest {
    private final Path root;
    private DataFolder folder;
    private Storage storage;

    StorageTest(@TempDir Path root) {
        this.root = root;
        folder = DataFolder.open(root);
        storage = TestDatabase.open(folder);
    }

    @BeforeEach
    void table() {
        int changed = storage.write(h -> h.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE)"));
        assertThat(changed).isZero();
    }

    @AfterEach
    void close() {
        storage.close();
        folder.close();
    }

    @Test
    void keepsWhatManyWriteAtOnceAndUndoesOnlyWhatFails() throws Exception {
        int writers = 400;
        var hooks = new AtomicInteger();
        var failures = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int n = i;
                all.add(threads.submit(() -> {
                    try {
                        storage.write(h -> insertThenFailIfOdd(h, n, hooks));
                    } catch (IllegalArgumentException e) {
                        failures.incrementAndGet();
                    }
                }));
            }
            for (Future<?> f : all) {
                f.get();
            }
        }

        assertThat(count()).isEqualTo(writers / 2);
        assertThat(failures).hasValue(writers / 2);
        assertThat(hooks).as("only committed work's actions run").hasValue(writers / 2);
    }

    private int insertThenFailIfOdd(Handle h, int n, AtomicInteger hooks) {
        h.execute("INSERT INTO t VALUES (?, ?)", n, "v" + n);
        storage.afterCommit(hooks::incrementAndGet);
        if (n % 2 == 1) {
            throw new IllegalArgumentException("odd");
        }
        return n;
    }

    @Test
    void noFailureTellsWhatWasBound() {
        assertThatThrownBy(() -> storage.write(h -> h.createUpdate("INSERT INTO t (id, v) VALUES (:id, :v)")
                        .bind("id", "not a number")
                        .bind("v", "hunter2")
                        .execute()))
                .satisfies(e -> assertThat(logged(e)).contains("INSERT INTO t").doesNotContain("hunter2"));
        assertThatThrownBy(() -> storage.write(h -> {
                    h.execute("INSERT INTO t VALUES (1, ?)", "hunter2");
                    return h.execute("INSERT INTO t VALUES (2, ?)", "hunter2");
                }))
                .satisfies(e -> assertThat(logged(e)).doesNotContain("hunter2"));
        assertThatThrownBy(() -> storage.read(h -> h.createQuery("SELECT * FROM missing WHERE v = :v")
                        .bind("v", "hunter2")
                        .mapToMap()
                        .list()))
                .satisfies(e -> assertThat(logged(e)).contains("missing").doesNotContain("hunter2"));
    }

    /** All that a log would show of a failure. */
    private static String logged(Throwable e) {
        var out = new StringWriter();
        e.printStackTrace(new PrintWriter(out));
        return out.toString();
    }

    @Test
    void tellsWhichKindOfRuleARowBroke() {
        storage.write(h -> h.execute("INSERT INTO t VALUES (1, 'a')"));

        assertThatThrownBy(() -> storage.write(h -> h.execute("INSERT INTO t VALUES (2, 'a')")))
                .isInstanceOfSatisfying(
                        ConstraintViolation.class,
                        e -> assertThat(e.kind()).isEqualTo(ConstraintViolation.Kind.UNIQUE));
        assertThatThrownBy(() -> storage.write(h ->
                        h.execute("INSERT INTO services (service_id, customer_id, name, latest_version, created_at)"
                                + " VALUES ('s', 'nobody', 'n', 1, 0)")))
                .isInstanceOfSatisfying(
                        ConstraintViolation.class,
                        e -> assertThat(e.kind()).isEqualTo(ConstraintViolation.Kind.FOREIGN_KEY));
    }

    @Test
    void runsActionsBeforeTheWriterIsAnswered() {
        var seen = new AtomicInteger();
        storage.write(h -> {
            storage.afterCommit(() -> seen.set(count()));
            return h.execute("INSERT INTO t VALUES (1, 'a')");
        });
        assertThat(seen).hasValue(1);
    }

    @Test
    void readersCannotWrite() {
        assertThatThrownBy(() -> storage.read(h -> h.execute("INSERT INTO t VALUES (1, 'a')")))
                .hasMessageMatching("(?s).*read-?only.*");
    }

    @Test
    void refusesAWriteInsideAWriteInsteadOfWaitingForItself() {
        assertThatThrownBy(() -> storage.write(h -> storage.write(g -> 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void reopensWithWhatItHeld() {
        storage.write(h -> h.execute("INSERT INTO t VALUES (1, 'a')"));
        close();
        folder = DataFolder.open(root);
        storage = TestDatabase.open(folder);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void whatANewerVersionMigratedIsRefused() {
        storage.write(h -> h.execute("INSERT INTO flyway_schema_history (installed_rank, version, description, type,"
                + " script, checksum, installed_by, execution_time, success)"
                + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, '', 1, TRUE)"));
        storage.close();
        assertThatThrownBy(() -> TestDatabase.open(folder))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("data.newer-version"));
    }

    @Test
    void aReadSeesOneMomentWhateverIsWrittenMeanwhile() {
        storage.write(h -> h.execute("INSERT INTO t VALUES (1, 'a')"));
        List<Integer> seen = storage.read(h -> {
            int before = count(h);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                threads.execute(() -> storage.write(w -> w.execute("INSERT INTO t VALUES (2, 'b')")));
            }
            return List.of(before, count(h));
        });
        assertThat(seen).containsExactly(1, 1);
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void textSortsByItsBytes() {
        List<String> ordered = List.of("", "-", "B", "Z-1", "a", "a b", "a-c", "aB", "ab", "a~", "é", "語", "😀");
        storage.write(h -> {
            for (int i = 0; i < ordered.size(); i++) {
                h.execute("INSERT INTO t VALUES (?, ?)", 7919 * i % ordered.size(), ordered.get(i));
            }
            return 1;
        });
        List<String> all = storage.read(h ->
                h.createQuery("SELECT v FROM t ORDER BY v").mapTo(String.class).list());
        List<String> later = storage.read(h -> h.createQuery("SELECT v FROM t WHERE v > :after ORDER BY v DESC")
                .bind("after", "a-c")
                .mapTo(String.class)
                .list());
        assertThat(all).isEqualTo(ordered);
        assertThat(later).containsExactly("😀", "語", "é", "a~", "ab", "aB");
    }

    @Test
    void textWithNulIsRefused() {
        assertThatThrownBy(() -> storage.write(h -> h.execute("INSERT INTO t VALUES (1, ?)", "a\0b")))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("input.malformed"));
        assertThatThrownBy(() -> storage.read(h -> h.createQuery("SELECT id FROM t WHERE v IN (<vs>)")
                        .bindList("vs", List.of("a", "\0"))
                        .mapTo(Integer.class)
                        .list()))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("input.malformed"));
    }

    @Test
    void halfACharacterIsKeptAsAQuestionMark() {
        storage.write(h -> h.execute("INSERT INTO t VALUES (1, ?)", "a\uD83Db"));
        String kept = storage.read(
                h -> h.createQuery("SELECT v FROM t").mapTo(String.class).one());
        assertThat(kept).isEqualTo("a?b");
    }

    private int count() {
        return storage.read(StorageTest::count);
    }

    private static int count(Handle h) {
        return h.createQuery("SELECT count(*) FROM t").mapTo(Integer.class).one();
    }
}
