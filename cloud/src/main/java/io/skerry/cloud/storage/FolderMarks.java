package io.skerry.cloud.storage;

import io.avaje.jsonb.JsonType;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Problem;
import io.skerry.spec.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What stands in a data folder so that no control plane is started on it by mistake: {@code unfinished.json} while it is
 * filled or its database is moved, {@code moved.json} once its embedded database was moved elsewhere.
 */
final class FolderMarks {
    static final String UNFINISHED = "unfinished.json";
    static final String MOVED = "moved.json";

    private static final int MOST_BYTES = 64 * 1024;
    private static final JsonType<Unfinished> UNFINISHED_JSON = Wire.strict(Unfinished.class);
    private static final JsonType<Moved> MOVED_JSON = Wire.strict(Moved.class);

    private FolderMarks() {}

    static Optional<Unfinished> unfinished(Path root) {
        return read(root.resolve(UNFINISHED), UNFINISHED_JSON);
    }

    static void write(Path root, Unfinished mark) {
        DurableFiles.write(root.resolve(UNFINISHED), UNFINISHED_JSON.toJsonBytes(mark), 0600);
    }

    static void finish(Path root) {
        DurableFiles.delete(root.resolve(UNFINISHED));
    }

    static Optional<Moved> moved(Path root) {
        return read(root.resolve(MOVED), MOVED_JSON);
    }

    static void write(Path root, Moved mark) {
        DurableFiles.write(root.resolve(MOVED), MOVED_JSON.toJsonBytes(mark), 0600);
    }

    /** @throws io.skerry.spec.ProblemException {@code data.unfinished} */
    static void refuseUnfinished(Path root) {
        unfinished(root).ifPresent(mark -> {
            throw mark.problem(root).asException();
        });
    }

    /** @throws io.skerry.spec.ProblemException {@code data.moved} */
    static void refuseMoved(Path root) {
        moved(root).ifPresent(mark -> {
            throw new Problem(
                            "data.moved",
                            "The embedded database in " + root + " was moved to " + mark.to()
                                    + ", and what was changed there since isn't in it.",
                            "Name that one with --database. To go back to the state before the move, remove the file "
                                    + root.resolve(MOVED)
                                    + ", start a new epoch with 'skerry cloud new-epoch', and never use both.")
                    .asException();
        });
    }

    private static <T> Optional<T> read(Path file, JsonType<T> type) {
        try (var in = Files.newInputStream(file)) {
            return Optional.of(Wire.read(type, in.readNBytes(MOST_BYTES), "The file " + file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw DurableFiles.failed("read", file, e);
        }
    }
}
