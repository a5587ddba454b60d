package io.skerry.device.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootFsTest {
    @TempDir
    private Path outside = Path.of("");

    private Path root = Path.of("");

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectories(outside.resolve("root"));
        Files.createDirectories(root.resolve("etc/real"));
        Files.writeString(root.resolve("etc/real/passwd"), "mine\n");
        Files.writeString(outside.resolve("secret"), "the device's\n");
    }

    @Test
    void followsLinksAsTheContainerWould() throws IOException {
        Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("/etc/real/passwd"));
        Files.createSymbolicLink(root.resolve("etc/group"), Path.of("real/../real/passwd"));

        assertThat(new RootFs(root).lines("/etc/passwd")).containsExactly("mine");
        assertThat(new RootFs(root).lines("/etc/group")).containsExactly("mine");
    }

    @Test
    void neverLeavesTheRoot() throws IOException {
        Files.createSymbolicLink(root.resolve("up"), Path.of("../secret"));
        Files.createSymbolicLink(root.resolve("abs"), outside.resolve("secret"));
        Files.createSymbolicLink(root.resolve("dir"), Path.of("../.."));

        RootFs rootFs = new RootFs(root);

        assertThat(rootFs.resolve("/up")).isEqualTo(root.resolve("secret"));
        assertThat(rootFs.lines("/up")).isEmpty();
        assertThat(rootFs.lines("/abs")).isEmpty();
        assertThat(rootFs.resolve("/dir/../../etc")).isEqualTo(root.resolve("etc"));
        assertThat(rootFs.resolve("../../secret")).isEqualTo(root.resolve("secret"));
    }

    @Test
    void refusesACircle() throws IOException {
        Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(root.resolve("b"), Path.of("a"));

        assertThatThrownBy(() -> new RootFs(root).resolve("/a"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("image.links"));
    }
}
