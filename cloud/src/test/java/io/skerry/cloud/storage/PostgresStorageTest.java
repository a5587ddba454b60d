package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What only PostgreSQL can do to a storage: other writers, lost connections, a server that is away. */
@Tag(TestDatabase.POSTGRESQL)
class PostgresStorageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final PostgresServer server = PostgresServer.shared();
    private final PostgresAddress address = server.database("C");
    /** A slow machine takes its time to connect again; nobody here is to be told that an outcome is unknown for that. */
    private final Storage storage = Storage.open(address, Duration.ofMinutes(5));

    @BeforeEach
    void table() {
        int changed = storage.write(h -> h.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, v BIGINT NOT NULL)"));
        assertThat(changed).isZero();
    }

    @AfterEach
    void close() {
        storage.close();
        server.execute("postgres", "DROP DATABASE " + address.database() + " WITH (FORCE)");
    }

    @Test
    void whatTwoProcessesCountInTheSameRowsIsNeverLostOrDoubled() throws Exception {
        storage.write(h -> h.execute("INSERT INTO t VALUES (1, 0), (2, 0)"));
        int each = 150;
        var hooks = new AtomicInteger();
        try (var other = Storage.open(address);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                // In opposite orders, so that each holds what the other one waits for.
                all.add(threads.submit(() -> counted(storage, List.of(1, 2), hooks)));
                all.add(threads.submit(() -> counted(other, List.of(2, 1), hooks)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(value(1)).isEqualTo(2L * each);
        assertThat(value(2)).isEqualTo(2L * each);
        assertThat(hooks).hasValue(2 * each);
    }

    private static void counted(Storage storage, List<Integer> rows, AtomicInteger hooks) {
        int changed = storage.write(h -> {
            for (int row : rows) {
                long before = value(h, row);
                h.execute("UPDATE t SET v = ? WHERE id = ?", before + 1, row);
            }
            storage.afterCommit(hooks::incrementAndGet);
            return rows.size();
        });
        assertThat(changed).isEqualTo(2);
    }

    @Test
    void whatTwoProcessesDecideOnTheSameRowsIsDecidedOneAfterTheOther() throws Exception {
        // Each takes one of a hundred if they are not all taken: together they must not take more than there are.
        storage.write(h -> h.execute("INSERT INTO t SELECT n, 0 FROM generate_series(1, 5) n"));
        var taken = new AtomicInteger();
        try (var other = Storage.open(address);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Storage one = i % 2 == 0 ? storage : other;
                int id = 100 + i;
                all.add(threads.submit(() -> one.write(h -> {
                    if (h.createQuery("SELECT count(*) FROM t")
                                    .mapTo(Integer.class)
                                    .one()
                            < 50) {
                        h.execute("INSERT INTO t VALUES (?, 0)", id);
                        one.afterCommit(taken::incrementAndGet);
                    }
                    return id;
                })));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(taken).hasValue(45);
        assertThat(count()).isEqualTo(50);
    }

    @Test
    void whileConnectionsAreKilledEachWriteIsThereOnceOrNotAtAllAsTold() throws Exception {
        Map<Integer, Boolean> told = new ConcurrentHashMap<>();
        var hooks = ConcurrentHashMap.<Integer>newKeySet();
        var next = new AtomicInteger();
        var kills = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> {
                    while (kills.get() < 25) {
                        int id = next.incrementAndGet();
                        told.put(id, written(id, hooks));
                    }
                }));
            }
            while (kills.get() < 25) {
                int before = told.size();
                server.execute(
                        address.database(),
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'skerry-cloud'"
                                + " AND datname = current_database()");
                kills.incrementAndGet();
                await().atMost(Duration.ofMinutes(5))
                        .until(() -> told.size() > before + 16
                                || all.stream().anyMatch(f -> f.state() == Future.State.FAILED));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        List<Integer> there = storage.read(h -> h.createQuery("SELECT id FROM t ORDER BY id")
                .mapTo(Integer.class)
                .list());
        assertThat(there)
                .containsExactlyInAnyOrderElementsOf(told.entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .toList());
        assertThat(hooks).containsExactlyInAnyOrderElementsOf(there);
    }

    private boolean written(int id, java.util.Set<Integer> hooks) {
        try {
            return storage.write(h -> {
                h.execute("INSERT INTO t VALUES (?, 0)", id);
                storage.afterCommit(() -> assertThat(hooks.add(id)).isTrue());
                return true;
            });
        } catch (ProblemException e) {
            assertThat(e.code()).isEqualTo("storage.unavailable");
            return false;
        }
    }

    @Test
    void aCommitWhoseAnswerGotLostIsToldAsWhatItWas() throws Exception {
        try (var wire = TestDatabase.wire();
                var cut = Storage.open(through(wire), PATIENCE)) {
            var hooks = new AtomicInteger();
            for (CutWire.Cut at : List.of(CutWire.Cut.AFTER_COMMIT, CutWire.Cut.BEFORE_COMMIT)) {
                long id = hooks.get();
                wire.away(true);
                wire.away(false);
                wire.cut(at);
                int changed = cut.write(h -> {
                    cut.afterCommit(hooks::incrementAndGet);
                    return h.execute("INSERT INTO t VALUES (?, 7)", id);
                });
                assertThat(changed).isEqualTo(1);
                assertThat(wire.isCut()).isTrue();
                assertThat(value(id)).isEqualTo(7);
            }
            assertThat(hooks).hasValue(2);
        }
    }

    @Test
    void aCommitOfWhichNobodyCanSayIsToldAsThatAndFollowedOnceItIsKnown() throws Exception {
        try (var wire = TestDatabase.wire();
                var cut = Storage.open(through(wire), Duration.ofMillis(1))) {
            var hooks = new AtomicInteger();
            wire.cut(CutWire.Cut.AFTER_COMMIT_AND_AWAY);
            ProblemException unknown = catchThrowableOfType(
                    ProblemException.class,
                    () -> cut.write(h -> {
                        cut.afterCommit(hooks::incrementAndGet);
                        return h.execute("INSERT INTO t VALUES (1, 7)");
                    }));
            assertThat(unknown.code()).isEqualTo("storage.outcome-unknown");
            assertThat(hooks).hasValue(0);

            wire.away(false);
            await().until(() -> hooks.get() == 1);
            assertThat(value(1)).isEqualTo(7);
        }
    }

    @Test
    void whileTheServerIsAwayCallersAreToldAndAfterwardsItWorksAgainByItself() throws Exception {
        try (var wire = TestDatabase.wire();
                var cut = Storage.open(through(wire), PATIENCE)) {
            assertThat(insert(cut, 1)).isEqualTo(1);
            wire.away(true);
            for (int i = 0; i < 3; i++) {
                assertThat(code(() -> insert(cut, 2))).isEqualTo("storage.unavailable");
                assertThat(code(() -> value(cut, 1))).isEqualTo("storage.unavailable");
            }
            wire.away(false);
            await().ignoreExceptionsInstanceOf(ProblemException.class)
                    .untilAsserted(() -> assertThat(value(cut, 1)).isEqualTo(1));
            await().ignoreExceptionsInstanceOf(ProblemException.class)
                    .untilAsserted(() -> assertThat(insert(cut, 3)).isEqualTo(1));
            assertThat(count()).isEqualTo(2);
        }
    }

    private PostgresAddress through(CutWire wire) {
        return new PostgresAddress(
                "127.0.0.1",
                wire.port(),
                address.database(),
                address.user(),
                address.passwordFile(),
                false,
                Optional.empty());
    }

    @Test
    void aCommitIsOnTheDiskBeforeItIsToldWhateverTheServersDefaultIs() {
        server.execute("postgres", "ALTER DATABASE " + address.database() + " SET synchronous_commit = off");
        try (var other = Storage.open(address)) {
            String mode = other.write(h -> h.createQuery("SELECT current_setting('synchronous_commit')")
                    .mapTo(String.class)
                    .one());
            assertThat(mode).isEqualTo("on");
        }
    }

    private static String code(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call).code();
    }

    @Test
    void readsAndWritesStayApart() {
        assertThatThrownBy(() -> storage.read(h -> h.execute("INSERT INTO t VALUES (1, 1)")))
                .hasMessageContaining("read-only");
        assertThat(count()).isZero();
    }

    private static int insert(Storage storage, long id) {
        return storage.write(h -> h.execute("INSERT INTO t VALUES (?, 1)", id));
    }

    private long value(long id) {
        return value(storage, id);
    }

    private static long value(Storage storage, long id) {
        return storage.read(h -> value(h, id));
    }

    private static long value(Handle h, long id) {
        return h.createQuery("SELECT v FROM t WHERE id = :id")
                .bind("id", id)
                .mapTo(Long.class)
                .one();
    }

    private int count() {
        return storage.read(h ->
                h.createQuery("SELECT count(*) FROM t").mapTo(Integer.class).one());
    }
}
