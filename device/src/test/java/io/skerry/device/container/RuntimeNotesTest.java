package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeNotesTest {
    @TempDir
    Path data;

    private ContainerSettings settings;

    @BeforeEach
    void noteSomething() throws IOException {
        settings = ContainerSettings.of(data, "test");
        RuntimeNotes.open(settings, "first boot");
        Files.createDirectories(settings.runcRoot().resolve("web"));
        // What a power cut leaves of a file that wasn't synced.
        Files.createFile(settings.runcRoot().resolve("web/state.json"));
        Files.writeString(settings.exits().resolve("web"), "0");
    }

    @Test
    void areKeptForTheNextDaemonOfTheSameBoot() throws IOException {
        RuntimeNotes.open(settings, "first boot");
        assertThat(settings.runcRoot().resolve("web/state.json")).exists();
        assertThat(settings.exits().resolve("web")).exists();
    }

    @Test
    void areForgottenAfterAReboot() throws IOException {
        RuntimeNotes.open(settings, "second boot");
        assertThat(settings.runcRoot()).isEmptyDirectory();
        assertThat(settings.exits()).isEmptyDirectory();
    }

    @Test
    void areForgottenWhenNobodyKnowsOfWhichBootTheyAre() throws IOException {
        Files.writeString(data.resolve("run/boot"), "");
        RuntimeNotes.open(settings, "first boot");
        assertThat(settings.runcRoot()).isEmptyDirectory();
    }
}
