package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is the embedded database's own. */
class SqliteStorageTest {
    @Test
    void theDatabaseIsForItsOwnerAlone(@TempDir Path root) throws Exception {
        try (var folder = DataFolder.open(root);
                var storage = Storage.open(folder);
                var files = Files.list(root)) {
            storage.write(h -> h.execute("DELETE FROM customers"));
            assertThat(files.filter(f -> String.valueOf(f.getFileName()).startsWith("skerry.db"))
                            .toList())
                    .isNotEmpty()
                    .allSatisfy(f -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsNamed(@TempDir Path other) throws Exception {
        Files.writeString(other.resolve("skerry.db"), "no database at all ".repeat(100));
        try (var its = DataFolder.open(other)) {
            assertThatThrownBy(() -> Storage.open(its)).isInstanceOfSatisfying(ProblemException.class, e -> {
                assertThat(e.code()).isEqualTo("data.unreadable");
                assertThat(e.problem().message()).contains(other.toString());
            });
        }
    }
}
