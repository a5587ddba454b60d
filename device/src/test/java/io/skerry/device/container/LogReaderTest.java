package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
    @TempDir
    private Path data = Path.of("");

    private ContainerFolder folder = new ContainerFolder(Path.of(""), Path.of(""));
    private LogReader reader = new LogReader(ContainerSettings.of(Path.of("/none"), "t"));

    @BeforeEach
    void make() throws IOException {
        ContainerSettings settings = ContainerSettings.of(data, "t");
        folder = settings.folder("one");
        Files.createDirectories(folder.root());
        reader = new LogReader(settings);
    }

    private static String line(String text) {
        return "2026-11-21T23:29:29.106486224+00:00 stdout F " + text + "\n";
    }

    private static String part(String text) {
        return "2026-11-21T23:29:29.106486224+00:00 stdout P " + text + "\n";
    }

    @Test
    void joinsPartsAndReadsTheOlderFileFirst() throws IOException {
        Files.writeString(folder.olderLog(), line("a") + part("b1 ") + part("b2 ") + line("b3"));
        Files.writeString(folder.log(), line("") + line("c") + "2026-11-21T23:29:29+00:00 stdout F not yet at its e");

        assertThat(LogReader.tail(folder, 10)).containsExactly("a", "b1 b2 b3", "", "c");
        assertThat(LogReader.tail(folder, 2)).containsExactly("", "c");
        assertThat(LogReader.tail(folder, 0)).isEmpty();
        assertThat(LogReader.tail(folder.other(), 5)).isEmpty();
    }

    @Test
    void partsOfOneOutputAreNotGluedToLinesOfTheOther() throws IOException {
        Files.writeString(
                folder.log(),
                "2026-11-21T23:29:29+00:00 stderr P sh: \n" + line("printed")
                        + "2026-11-21T23:29:29+00:00 stderr F no such file\n");

        assertThat(LogReader.tail(folder, 10)).containsExactly("printed", "sh: no such file");
    }

    @Test
    void aTailIsBounded() throws IOException {
        Files.writeString(folder.log(), part("x".repeat(10_000)).repeat(500));

        List<String> tail = LogReader.tail(folder, Integer.MAX_VALUE);

        assertThat(tail).allMatch(l -> l.length() <= 2 * LogSource.LONGEST_LINE);
        assertThat(tail.stream().mapToInt(String::length).sum()).isLessThanOrEqualTo(512 << 10);
    }

    @Test
    void followsAcrossRotationAndReplacement() throws IOException {
        Files.writeString(folder.log(), line("old") + line("1"));
        List<String> got = new CopyOnWriteArrayList<>();
        AtomicBoolean cancelled = new AtomicBoolean();
        Thread follower = Thread.startVirtualThread(() -> reader.follow("one", 1, true, got::add, cancelled::get));
        Awaitility.await().until(() -> got.contains("1"));

        Files.move(folder.log(), folder.olderLog());
        Files.writeString(folder.olderLog(), line("2"), java.nio.file.StandardOpenOption.APPEND);
        Files.writeString(folder.log(), line("3"));
        Awaitility.await().until(() -> got.contains("3"));
        Files.delete(folder.log());
        Files.writeString(folder.root().resolve("fresh"), line("4"));
        Files.move(folder.root().resolve("fresh"), folder.log());
        Awaitility.await().until(() -> got.contains("4"));

        assertThat(got).containsExactly("1", "2", "3", "4");
        cancelled.set(true);
        Awaitility.await().until(() -> !follower.isAlive());
    }

    @Test
    void followsTheOneBesideOnceItHasTakenTheOthersPlace() throws IOException {
        Files.writeString(folder.log(), line("old"));
        record(folder, 4);
        ContainerFolder beside = folder.other();
        Files.createDirectories(beside.root());
        Files.writeString(beside.log(), line("new 1"));
        record(beside, 5);
        List<String> got = new CopyOnWriteArrayList<>();
        AtomicBoolean cancelled = new AtomicBoolean();
        Thread follower = Thread.startVirtualThread(() -> reader.follow("one", 9, true, got::add, cancelled::get));
        Awaitility.await().until(() -> got.contains("old"));
        Files.writeString(folder.log(), line("old, last"), java.nio.file.StandardOpenOption.APPEND);
        Awaitility.await().until(() -> got.contains("old, last"));

        Files.delete(folder.record());
        Files.delete(folder.log());
        Files.writeString(beside.log(), line("new 2"), java.nio.file.StandardOpenOption.APPEND);

        Awaitility.await().until(() -> got.contains("new 2"));
        assertThat(got).containsExactly("old", "old, last", "new 1", "new 2");
        cancelled.set(true);
        Awaitility.await().until(() -> !follower.isAlive());
    }

    private static void record(ContainerFolder of, int number) throws IOException {
        Records.write(of, SlotsTest.record(number));
    }
}
