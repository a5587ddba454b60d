package io.skerry.device.container;

import io.avaje.jsonb.JsonType;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
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
    private static final System.Logger LOG = System.getLogger(Records.class.getName());
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

    /** From now on the container counts as gone, whatever becomes of this daemon. */
    static void leave(ContainerFolder folder) throws IOException {
        if (Files.exists(folder.record())) {
            Files.move(folder.record(), folder.leaving(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** It is kept on after all. */
    static void stay(ContainerFolder folder) throws IOException {
        if (Files.exists(folder.leaving())) {
            Files.move(folder.leaving(), folder.record(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Of a container that an earlier daemon was stopping; empty also when what is there can't be read. */
    static Optional<ContainerRecord> leaving(ContainerFolder folder) throws IOException {
        return read(folder.leaving(), CONTAINER);
    }

    /**
     * Waits for the disk only when the container halted itself, which is asked for after a reboot of the machine: nothing else
     * that it says would still hold then.
     */
    static void write(ContainerFolder folder, RunRecord record) throws IOException {
        byte[] bytes = RUN.toJsonBytes(record);
        if (record.halted()) {
            DurableFiles.write(folder.run(), bytes, 0600);
        } else {
            replace(folder.run(), bytes);
        }
    }

    /** Empty also when what is there can't be read: the disk may be bad, and what wasn't settled half a page after a loss of power. */
    static Optional<ContainerRecord> container(ContainerFolder folder) throws IOException {
        return read(folder.record(), CONTAINER);
    }

    /** Empty also when what is there can't be read, as above. */
    static Optional<RunRecord> run(ContainerFolder folder) throws IOException {
        return read(folder.run(), RUN);
    }

    private static <T> Optional<T> read(Path file, JsonType<T> type) throws IOException {
        try {
            return Optional.of(Wire.read(type, Files.readAllBytes(file), "The record '" + file + "'"));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (ClosedByInterruptException e) {
            // It says nothing of the file.
            throw e;
        } catch (ProblemException | IOException e) {
            // One bad place on the disk costs the one container, not the daemon's start.
            LOG.log(Level.ERROR, "the record " + file + " counts as if it were not there", e);
            return Optional.empty();
        }
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, bytes);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
