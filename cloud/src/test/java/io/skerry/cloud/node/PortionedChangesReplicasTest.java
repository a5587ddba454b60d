package io.skerry.cloud.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes on one database see to nodes in portions of one. What is to be told stands in a table of the test's own. */
@Tag(TestDatabase.POSTGRESQL)
class PortionedChangesReplicasTest {
    private static final List<String> NODES = List.of("n1", "n2");

    @AutoClose
    private final DataFolder folder;

    @AutoClose
    private final Storage one;

    @AutoClose
    private final Storage other;

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    PortionedChangesReplicasTest(@TempDir Path root) {
        folder = DataFolder.open(root);
        one = TestDatabase.open(folder);
        other = Storage.open(TestDatabase.of(root).orElseThrow());
        one.write(h -> {
            h.execute("CREATE TABLE wanted (version INTEGER NOT NULL)");
            return h.execute("INSERT INTO wanted (version) VALUES (1)");
        });
    }

    @Test
    void aChangeThatComesWhileAnotherProcessTellsTheOneBeforeIsToldToo() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch changed = new CountDownLatch(1);
        var slow = new PortionedChanges(
                one,
                (h, ids) -> {
                    String now = String.join(",", ids) + ":" + wanted(h);
                    reading.countDown();
                    await(changed);
                    told.add(now);
                },
                task -> {},
                1);
        var quick = new PortionedChanges(other, (h, ids) -> {}, task -> {}, 1);
        version(slow, one, 2);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var finished = threads.submit(slow::finish);
            await(reading);
            version(quick, other, 3);
            changed.countDown();
            finished.get(30, TimeUnit.SECONDS);
        }
        slow.finish();

        assertThat(told).contains("n1:3", "n2:3");
        List<String> left = one.read(h -> h.createQuery("SELECT node_id FROM nodes_to_refresh")
                .mapTo(String.class)
                .list());
        assertThat(left).isEmpty();
    }

    private static void version(PortionedChanges changes, Storage storage, int version) {
        storage.write(h -> {
            h.execute("UPDATE wanted SET version = ?", version);
            changes.refresh(h, NODES);
            return version;
        });
    }

    private static int wanted(Handle h) {
        return h.createQuery("SELECT version FROM wanted").mapTo(Integer.class).one();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
