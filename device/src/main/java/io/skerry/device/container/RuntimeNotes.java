package io.skerry.device.container;

import io.skerry.content.files.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What runc and conmon note of the containers that run: of use until the machine's next boot. They don't write it durably, so
 * after a power cut it may be torn, and runc refuses a container whose note it can't read.
 */
final class RuntimeNotes {
    private RuntimeNotes() {}

    /** Makes the folders, and removes what an earlier boot left in them. */
    static void open(ContainerSettings settings, String bootId) throws IOException {
        Path mark = settings.run().resolve("boot");
        if (!isOf(mark, bootId)) {
            for (Path folder : List.of(settings.runcRoot(), settings.exits(), settings.notes())) {
                remove(folder);
            }
        }
        Files.createDirectories(settings.runcRoot());
        Files.createDirectories(settings.exits());
        Files.createDirectories(settings.notes());
        if (!isOf(mark, bootId)) {
            DurableFiles.write(mark, bootId.getBytes(StandardCharsets.UTF_8), 0600);
        }
    }

    private static boolean isOf(Path mark, String bootId) throws IOException {
        return Files.exists(mark)
                && Files.readString(mark, StandardCharsets.ISO_8859_1).equals(bootId);
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
