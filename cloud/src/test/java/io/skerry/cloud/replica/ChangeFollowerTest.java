package io.skerry.cloud.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class ChangeFollowerTest {
    private final DataFolder folder;
    private final Storage storage;
    private final Heard heard = new Heard();

    ChangeFollowerTest(@TempDir Path root) {
        folder = DataFolder.open(root);
        storage = TestDatabase.open(folder);
    }

    @AfterEach
    void close() {
        storage.close();
        folder.close();
    }

    private ChangeLog replica(String id) {
        storage.write(h -> new Replicas(storage, id).beat(h, "localhost:1"));
        return ChangeLog.of(storage, id);
    }

    private void note(ChangeLog log, String node) {
        storage.write(h -> {
            log.note(h, new FleetChange.Reported(node));
            return node;
        });
    }

    @Test
    void hearsWhatOthersDoInTheirOrderAndOnce() {
        ChangeLog a = replica("a");
        ChangeLog b = replica("b");
        var follower = new ChangeFollower(storage, "a");

        note(b, "n1");
        note(a, "own");
        note(b, "n2");
        follower.look(heard);
        note(b, "n3");
        follower.look(heard);
        follower.look(heard);

        assertThat(heard.nodes).containsExactly("n1", "n2", "n3");
    }

    @Test
    void hearsNothingOfWhatWasThereWhenItBegan() {
        ChangeLog b = replica("b");
        note(b, "before");
        var follower = new ChangeFollower(storage, "a");

        note(b, "after");
        follower.look(heard);

        assertThat(heard.nodes).containsExactly("after");
    }

    @Test
    void hearsAllOfOneThatComesLater() {
        var follower = new ChangeFollower(storage, "a");
        ChangeLog b = ChangeLog.of(storage, "b");
        note(b, "before it said that it lives");
        storage.write(h -> new Replicas(storage, "b").beat(h, "localhost:1"));

        follower.look(heard);

        assertThat(heard.nodes).containsExactly("before it said that it lives");
    }

    @Test
    void hearsNothingOfWhatWasUndone() {
        ChangeLog b = replica("b");
        var follower = new ChangeFollower(storage, "a");

        assertThatThrownBy(() -> storage.write(h -> {
                    b.note(h, new FleetChange.Reported("undone"));
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
        note(b, "done");
        follower.look(heard);

        assertThat(heard.nodes).containsExactly("done");
    }

    @Test
    void hearsMoreThanAPage() {
        ChangeLog b = replica("b");
        var follower = new ChangeFollower(storage, "a");
        storage.write(h -> {
            IntStream.range(0, 5_000).forEach(i -> b.note(h, new FleetChange.Reported("n" + i)));
            return h;
        });

        for (int i = 0; i < 3; i++) {
            follower.look(heard);
        }

        assertThat(heard.nodes).hasSize(5_000).endsWith("n4999");
    }

    @Test
    void looksAtEverythingAnewWhenItDoesntKnowAChange() {
        replica("b");
        var follower = new ChangeFollower(storage, "a");
        storage.write(h -> h.execute("INSERT INTO changes VALUES ('b', 1, 'moved', 'n1', '', 0)"));

        follower.look(heard);

        assertThat(heard.missed).isEqualTo(1);
    }

    @Test
    void hearsTheLastWordsOfOneThatLeft() {
        ChangeLog b = replica("b");
        var follower = new ChangeFollower(storage, "a");
        note(b, "last");
        new Replicas(storage, "b").leave();

        follower.look(heard);

        assertThat(heard.nodes).containsExactly("last");
    }

    @Test
    void whatOneThatLeftHasSaidStaysUntilAllHaveHadTimeToReadIt() {
        ChangeLog b = replica("b");
        var follower = new ChangeFollower(storage, "a");
        note(b, "last");
        new Replicas(storage, "b").leave();

        new Replicas(storage, "c").forgetDead();
        follower.look(heard);

        assertThat(heard.nodes).containsExactly("last");
    }

    @Test
    void whatOneLeftThatDiedLongAgoIsRemoved() {
        note(replica("b"), "last");
        storage.write(h -> h.execute("UPDATE replicas SET alive_until = 0"));

        new Replicas(storage, "c").forgetDead();

        assertThat(storage.<Long>read(h -> h.createQuery("SELECT count(*) FROM changes")
                        .mapTo(Long.class)
                        .one()))
                .isZero();
    }

    @Test
    void whatCouldntBeReadAnewIsTriedAgain() {
        replica("b");
        var follower = new ChangeFollower(storage, "a");
        storage.write(h -> h.execute("INSERT INTO changes VALUES ('b', 1, 'moved', 'n1', '', 0)"));
        heard.fails = true;
        assertThatThrownBy(() -> follower.look(heard)).hasMessage("on purpose");
        heard.fails = false;

        follower.look(heard);
        follower.look(heard);

        assertThat(heard.missed).isEqualTo(1);
    }

    @Test
    void aLoneProcessWritesNothing() {
        note(ChangeLog.alone(), "n1");

        assertThat(storage.<Long>read(h -> h.createQuery("SELECT count(*) FROM changes")
                        .mapTo(Long.class)
                        .one()))
                .isZero();
    }

    private static final class Heard implements ChangeFollower.Audience {
        final List<String> nodes = new ArrayList<>();
        int missed;
        boolean fails;

        @Override
        public void heard(FleetChange change) {
            nodes.add(((FleetChange.Reported) change).nodeId());
        }

        @Override
        public void missed() {
            if (fails) {
                throw new IllegalStateException("on purpose");
            }
            missed++;
        }
    }
}
