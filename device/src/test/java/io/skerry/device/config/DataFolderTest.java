package io.skerry.device.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFolderTest {
    @TempDir
    Path folder;

    @Test
    void marksItsFormat() {
        try (var data = DataFolder.open(folder.resolve("new"))) {
            assertThat(data.path().resolve("format.json")).hasContent("{\"version\":1}");
        }
    }

    @Test
    void refusesAFolderOfANewerVersionAndChangesNothing() throws IOException {
        Files.writeString(folder.resolve("format.json"), "{\"version\":2}");

        assertThatThrownBy(() -> DataFolder.open(folder).close())
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("data.newer-version"));
        assertThat(folder.resolve("lock")).doesNotExist();
        assertThat(folder.resolve("format.json")).hasContent("{\"version\":2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b", "a,b", "a\\b"})
    void refusesAPathFromWhichNoContainerCouldBeMounted(String name) {
        Path unmountable = folder.resolve(name);

        assertThatThrownBy(() -> DataFolder.open(unmountable).close())
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("data.path-unusable");
                    assertThat(e.problem().message()).contains(unmountable.toString());
                });
        assertThat(unmountable).doesNotExist();
    }

    @Test
    void isHeldByOneOnly() {
        try (var _ = DataFolder.open(folder)) {
            assertThatThrownBy(() -> DataFolder.open(folder).close())
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.code()).isEqualTo("data.in-use");
                        assertThat(e.problem().message()).contains(folder.toString());
                    });
        }
        DataFolder.open(folder).close();
    }
}
