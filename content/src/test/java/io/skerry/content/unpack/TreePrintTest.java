package io.skerry.content.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreePrintTest {
    @TempDir
    Path folder;

    private Path tree = Path.of("/");

    @BeforeEach
    void makeTree() throws IOException {
        tree = made("tree", List.of("a", "b", "c"));
    }

    private Path made(String name, List<String> order) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name));
        Path inner = Files.createDirectory(made.resolve("inner"));
        for (String file : order) {
            Files.writeString(inner.resolve(file), "what " + file + " holds");
        }
        Files.createSymbolicLink(made.resolve("link"), Path.of("inner/a"));
        return made;
    }

    @Test
    void equalTreesHaveEqualPrintsInWhateverOrderTheyWereMade() throws IOException {
        assertThat(TreePrint.of(tree))
                .matches("[0-9a-f]{16}")
                .isEqualTo(TreePrint.of(made("other", List.of("c", "a", "b"))));
    }

    @Test
    void aFlippedBitIsSeen() throws IOException {
        assertOther(() -> Files.writeString(tree.resolve("inner/a"), "what a holdS"));
    }

    @Test
    void aFileThatWasCutOffIsSeen() throws IOException {
        assertOther(() -> Files.writeString(tree.resolve("inner/a"), ""));
    }

    @Test
    void aFileThatIsGoneIsSeen() throws IOException {
        assertOther(() -> Files.delete(tree.resolve("inner/b")));
    }

    @Test
    void aFileThatCameIsSeen() throws IOException {
        assertOther(() -> Files.createFile(tree.resolve("inner/d")));
    }

    @Test
    void filesThatChangedPlacesAreSeen() throws IOException {
        assertOther(() -> {
            Files.writeString(tree.resolve("inner/a"), "what b holds");
            Files.writeString(tree.resolve("inner/b"), "what a holds");
        });
    }

    @Test
    void anotherModeIsSeen() throws IOException {
        assertOther(() ->
                Files.setPosixFilePermissions(tree.resolve("inner/a"), PosixFilePermissions.fromString("rwxrwxrwx")));
    }

    @Test
    void aLinkThatLeadsElsewhereIsSeen() throws IOException {
        assertOther(() -> {
            Files.delete(tree.resolve("link"));
            Files.createSymbolicLink(tree.resolve("link"), Path.of("inner/b"));
        });
    }

    @Test
    void aTreeThatIsNotThereCantBeRead() {
        assertThatThrownBy(() -> TreePrint.of(folder.resolve("none")))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("disk.failed"));
    }

    @Test
    void anInterruptedThreadEndsEarly() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> TreePrint.of(tree))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("disk.interrupted"));
        assertThat(Thread.interrupted()).isTrue();
    }

    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private void assertOther(Change change) throws IOException {
        String before = TreePrint.of(tree);

        change.make();

        assertThat(TreePrint.of(tree)).isNotEqualTo(before);
    }
}
