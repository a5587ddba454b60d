package io.skerry.cloud.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many nodes in portions of three. */
@Tag(TestDatabase.TAG)
class PortionedChangesTest {
    @TempDir
    Path root;

    private DataFolder folder;
    private Storage storage;
    /** What is done after a change waits here. */
    private final List<Runnable> later = new ArrayList<>();

    private final List<List<String>> seen = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();
    private PortionedChanges changes;

    @BeforeEach
    void open() {
        folder = DataFolder.open(root);
        storage = TestDatabase.open(folder);
        changes = started();
    }

    @AfterEach
    void close() {
        storage.close();
        folder.close();
    }

    @Test
    void aFewNodesAreSeenToWithinTheChange() {
        refresh(nodes(3));

        assertThat(seen).containsExactly(nodes(3));
        assertThat(later).isEmpty();
    }

    @Test
    void manyNodesAreSeenToInPortionsAfterTheChange() {
        refresh(nodes(7));
        assertThat(seen).isEmpty();

        later.forEach(Runnable::run);

        assertThat(seen).containsExactly(List.of("n1", "n2", "n3"), List.of("n4", "n5", "n6"), List.of("n7"));
        assertThat(left()).isEmpty();
    }

    @Test
    void aNodeThatIsNamedTwiceIsOne() {
        refresh(List.of("n1", "n2", "n1", "n2", "n3"));

        assertThat(seen).containsExactly(nodes(3));
    }

    @Test
    void nobodyIsSeenToForAChangeThatIsUndone() {
        assertThatThrownBy(() -> storage.write(h -> {
                    changes.refresh(h, nodes(7));
                    throw new IllegalStateException("no");
                }))
                .hasStackTraceContaining("no");

        assertThat(later).isEmpty();
        assertThat(left()).isEmpty();
    }

    @Test
    void whatAProcessLeavesTheNextOneGoesOnWith() {
        refresh(nodes(7));

        started().finish();

        assertThat(seen).hasSize(3);
        assertThat(left()).isEmpty();
    }

    @Test
    void aNodeThatCantBeSeenToKeepsNoOtherFromItAndIsTriedAgain() {
        broken.add("n2");
        refresh(nodes(7));

        changes.finish();
        assertThat(seen).contains(List.of("n1"), List.of("n3")).contains(List.of("n4", "n5", "n6"));
        assertThat(left()).containsExactly("n2");

        broken.clear();
        changes.finish();
        assertThat(seen).contains(List.of("n2"));
        assertThat(left()).isEmpty();
    }

    private PortionedChanges started() {
        return new PortionedChanges(
                storage,
                (h, ids) -> {
                    if (ids.stream().anyMatch(broken::contains)) {
                        throw new IllegalStateException("a fault");
                    }
                    seen.add(List.copyOf(ids));
                },
                later::add,
                3);
    }

    private void refresh(List<String> nodeIds) {
        storage.write(h -> {
            changes.refresh(h, nodeIds);
            return nodeIds;
        });
    }

    private List<String> left() {
        return storage.read(h -> h.createQuery("SELECT node_id FROM nodes_to_refresh")
                .mapTo(String.class)
                .list());
    }

    private static List<String> nodes(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "n" + i).toList();
    }
}
