package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @Test
    void aSecondProcessIsRefused(@TempDir Path root) {
        try (var folder = DataFolder.open(root)) {
            assertThatThrownBy(() -> DataFolder.open(folder.root()))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.code()).isEqualTo("data.in-use"));
        }
    }

    @Test
    void aNewerFolderIsRefusedAndLeftAlone(@TempDir Path root) throws Exception {
        DataFolder.open(root).close();
        Files.writeString(root.resolve("format.json"), "{\"format\":2}");
        assertThatThrownBy(() -> DataFolder.open(root))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("data.newer-version"));
        assertThat(root.resolve("format.json")).hasContent("{\"format\":2}");
    }
}
