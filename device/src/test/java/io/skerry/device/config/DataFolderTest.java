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
    void aFormatThatTheDiskHasSpoiltIsWrittenAnew() throws IOException {
        DataFolder.open(folder).close();
        Files.writeString(folder.resolve("format.json"), "{\"vers");

        try (DataFolder data = DataFolder.open(folder)) {
            assertThat(data.path().resolve("format.json")).hasContent("{\"version\":1}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config",
                "containers",
                "containers/web",
                "content",
                "content/layers",
                "parts",
                "parts/cloud",
                "revisions",
                "revisions/3",
                "run",
                "volumes",
                "volumes/permanent",
                "volumes/permanent/web"
            })
    void aFileInThePlaceOfAFolderIsPutAside(String name) throws IOException {
        Path misplaced = folder.resolve(name);
        Files.createDirectories(misplaced.getParent());
        Files.writeString(misplaced, "spoilt");

        DataFolder.open(folder).close();

        assertThat(misplaced).doesNotExist();
        assertThat(folder.resolve(name + ".misplaced-1")).hasContent("spoilt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "format.json", "current", "trying"})
    void aFolderInThePlaceOfAFileIsPutAsideWithWhatIsInIt(String name) throws IOException {
        Files.createDirectories(folder.resolve(name).resolve("x"));

        DataFolder.open(folder).close();

        assertThat(folder.resolve(name + ".misplaced-1/x")).isDirectory();
        assertThat(folder.resolve("format.json")).isRegularFile();
    }

    @Test
    void filesThatStandWhereTheyBelongAreLeft() throws IOException {
        String[] own = {"revisions/failed.json", "revisions/retry-token", "volumes/permanent/web/data", "identity"};
        for (String name : own) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "own");
        }

        try (DataFolder data = DataFolder.open(folder)) {
            assertThat(own).allSatisfy(name -> assertThat(folder.resolve(name)).hasContent("own"));
            assertThat(data.problems()).isEmpty();
        }
    }

    @Test
    void whatIsKeptAsideIsToldUntilSomebodyRemovesIt() throws IOException {
        Files.writeString(folder.resolve("volumes"), "spoilt");
        Files.createDirectories(folder.resolve("current"));

        try (DataFolder data = DataFolder.open(folder)) {
            assertThat(data.problems()).singleElement().satisfies(p -> {
                assertThat(p.code()).isEqualTo("data.misplaced");
                assertThat(p.message()).contains("current.misplaced-1, volumes.misplaced-1");
            });
            Files.delete(folder.resolve("volumes.misplaced-1"));
            Files.delete(folder.resolve("current.misplaced-1"));

            assertThat(data.problems()).isEmpty();
        }
    }

    @Test
    void whatIsKeptAsideIsNotPutAsideAnew() throws IOException {
        Files.createDirectories(folder.resolve("containers"));
        Files.writeString(folder.resolve("containers/web"), "spoilt");
        DataFolder.open(folder).close();

        DataFolder.open(folder).close();

        assertThat(folder.resolve("containers")).isDirectoryContaining("glob:**web.misplaced-1");
        assertThat(folder.resolve("containers/web.misplaced-1")).hasContent("spoilt");
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

    @Test
    void removesFilesThatAKilledDaemonWasWritingButNoneOfContainersAndImages() throws IOException {
        String aside = ".state.json.0b9c9a64-7b5e-4a1c-8f0e-3d3f7d1b2c4a.tmp";
        for (String own : new String[] {"", "revisions", "revisions/3", "containers/web", "content/layers"}) {
            Files.createDirectories(folder.resolve(own));
            Files.writeString(folder.resolve(own).resolve(aside), "half");
            Files.writeString(folder.resolve(own).resolve("state.json"), "whole");
            Files.writeString(folder.resolve(own).resolve(".other.tmp"), "another's");
        }
        for (String foreign : new String[] {"volumes/permanent/web/data", "containers/web/upper", "content/layers/a"}) {
            Files.createDirectories(folder.resolve(foreign));
            Files.writeString(folder.resolve(foreign).resolve(aside), "a program's");
        }

        DataFolder.open(folder).close();

        for (String own : new String[] {"", "revisions", "revisions/3", "containers/web", "content/layers"}) {
            assertThat(folder.resolve(own).resolve(aside)).doesNotExist();
            assertThat(folder.resolve(own).resolve("state.json")).exists();
            assertThat(folder.resolve(own).resolve(".other.tmp")).exists();
        }
        for (String foreign : new String[] {"volumes/permanent/web/data", "containers/web/upper", "content/layers/a"}) {
            assertThat(folder.resolve(foreign).resolve(aside)).exists();
        }
    }

    @Test
    void keepsNoMoreThanTwoCrashes() throws IOException {
        for (String crash : new String[] {"first", "second", "third"}) {
            Files.writeString(folder.resolve("crash.log"), crash);
            DataFolder.open(folder).close();
        }

        assertThat(folder.resolve("crash.1.log")).hasContent("third");
        assertThat(folder.resolve("crash.log")).doesNotExist();
    }
}
