package io.skerry.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a disk that fails to sync; strace stands in its place. */
class FailingDiskIT {
    private static final Digest NEW = Digest.of("new".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    @Test
    void aFileThatCantBeSyncedIsNotPutInPlaceAndLeavesNothingBehind() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "old");

        assertThat(run("file", folder, 1, "EIO", "1")).containsExactly("disk.failed");

        assertThat(file).hasContent("old");
        assertThat(files()).containsExactly("file");
    }

    @Test
    void aFileWhosePlaceCantBeSyncedIsThereWholeOldOrNew() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "old");

        assertThat(run("file", folder, 2, "ENOSPC", "2")).containsExactly("disk.full", "kept");

        assertThat(file).hasContent("new");
        assertThat(files()).containsExactly("file");
    }

    /** @param sync that of the content, of the folder of folders, of the blob's folder, and of the one that it came from */
    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "4"})
    void aBlobThatCantBeSyncedIsNotHereAndIsWrittenAnew(String sync) throws Exception {
        assertThat(run("blob", folder, 1, "EIO", sync)).containsExactly("disk.failed");
        ContentStore store = ContentStore.open(folder.resolve("store"));
        assertThat(store.has(NEW)).isFalse();
        assertThat(store.unfinished()).isEmpty();

        Path other = Files.createDirectory(folder.resolve("other"));
        assertThat(run("blob", other, 2, "EIO", sync)).containsExactly("disk.failed", "kept");
        assertThat(ContentStore.open(other.resolve("store")).read(NEW, 100))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("new");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(f -> folder.relativize(f).toString())
                    .toList();
        }
    }

    private List<String> run(String what, Path where, int times, String error, String sync) throws Exception {
        Process process = new ProcessBuilder(
                        "strace",
                        "-f",
                        "--seccomp-bpf",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=fsync,fdatasync",
                        "-e",
                        "inject=fsync,fdatasync:error=" + error + ":when=" + sync,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OnAFailingDisk.class.getName(),
                        what,
                        where.toString(),
                        Integer.toString(times))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said.lines().toList();
    }
}
