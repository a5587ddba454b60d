package io.skerry.content.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {
    @TempDir
    private Path temp;

    @Test
    void replacesAFileAndSetsItsMode() throws Exception {
        Path file = temp.resolve("f");
        DurableFiles.write(file, "old".getBytes(StandardCharsets.UTF_8), 0644);
        DurableFiles.write(file, "new".getBytes(StandardCharsets.UTF_8), 0600);

        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        DurableFiles.write(file, new byte[0], 0757);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rwxr-xrwx");
        assertThat(temp).isDirectoryContaining(p -> p.equals(file)).isDirectoryNotContaining(p -> !p.equals(file));
    }

    @Test
    void replacesALink() throws Exception {
        Path link = temp.resolve("current");
        DurableFiles.link(link, Path.of("revisions/1"));
        DurableFiles.link(link, Path.of("revisions/2"));

        assertThat(Files.readSymbolicLink(link)).hasToString("revisions/2");
    }

    @Test
    void leavesNothingBehindWhenItFails() throws Exception {
        Path folder = temp.resolve("d");
        Files.createDirectories(folder.resolve("in"));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> DurableFiles.write(folder, new byte[1], 0600))
                .satisfies(e -> assertThat(e.code()).isEqualTo("disk.failed"));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> DurableFiles.write(temp.resolve("missing/f"), new byte[1], 0600));
        assertThat(temp.toFile().list()).containsExactly("d");
    }

    @Test
    void tellsByAProgramsWordsWhetherItIsTheDisk() {
        assertThat(DurableFiles.told("It failed.", "cp: error writing 'a': No space left on device\ncp: more"))
                .hasValueSatisfying(p -> {
                    assertThat(p.code()).isEqualTo("disk.full");
                    assertThat(p.message()).isEqualTo("It failed.");
                });
        assertThat(DurableFiles.told("", "mkdir /d: disk quota exceeded").map(Problem::code))
                .contains("disk.full");
        assertThat(DurableFiles.told("", "read /d/a: input/output error").map(Problem::code))
                .contains("disk.failed");
        assertThat(DurableFiles.told("", "exec: not found")).isEmpty();
        assertThat(DurableFiles.told("", "mkdir /sys/fs/cgroup/skerry: no space left on device"))
                .as("too many control groups")
                .isEmpty();
    }

    @Test
    void deletesWhatIsThereAndMindsNothingElse() {
        Path file = temp.resolve("f");
        DurableFiles.write(file, new byte[1], 0600);
        DurableFiles.delete(file);
        DurableFiles.delete(file);
        assertThat(file).doesNotExist();
    }
}
