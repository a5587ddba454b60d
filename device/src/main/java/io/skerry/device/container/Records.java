package io.skerry.device.container;

import io.avaje.jsonb.JsonType;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** The files in which a container's records are kept; a reader finds each whole or not at all. */
final class Records {
    private static final JsonType<ContainerRecord> CONTAINER = Wire.lenient(ContainerRecord.class);
    private static final JsonType<RunRecord> RUN = Wire.lenient(RunRecord.class);

    private Records() {}

    /** Written before anything of the container is made; outlives a loss of power once it is {@link #settle settled}. */
    static void write(ContainerFolder folder, ContainerRecord record) throws IOException {
        replace(folder.record(), CONTAINER.toJsonBytes(record));
    }

    /** Waits until the container's record, and the names that lead to it, are on the disk. */
    static void settle(ContainerFolder folder) throws IOException {
        for (Path written :
                List.of(folder.record(), folder.root(), folder.root().resolveSibling("."))) {
            try (FileChannel channel = FileChannel.open(written, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Never waits for the disk: after a loss of power it would say nothing that still holds. */
    static void write(ContainerFolder folder, RunRecord record) throws IOException {
        replace(folder.run(), RUN.toJsonBytes(record));
    }

    /** @throws ProblemException {@code json.malformed} */
    static Optional<ContainerRecord> container(ContainerFolder folder) throws IOException {
        return read(folder.record(), CONTAINER);
    }

    /** Empty also when what is there can't be read: it may be half a page from before a loss of power. */
    static Optional<RunRecord> run(ContainerFolder folder) throws IOException {
        try {
            return read(folder.run(), RUN);
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    private static <T> Optional<T> read(Path file, JsonType<T> type) throws IOException {
        try {
            return Optional.of(Wire.read(type, Files.readAllBytes(file), "The record '" + file + "'"));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, bytes);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
