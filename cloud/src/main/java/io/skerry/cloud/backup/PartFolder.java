package io.skerry.cloud.backup;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Where a backup is put together: {@code <its name>.part} beside its place, into which it is renamed once all of it is on the
 * disk. One that was cut off is cleared away by the next backup to the same place.
 */
final class PartFolder implements AutoCloseable {
    private static final String LOCK = "being-written.lock";

    private final Path place;
    private final Path path;
    private final FileChannel lock;
    private boolean complete;

    private PartFolder(Path place, Path path, FileChannel lock) {
        this.place = place;
        this.path = path;
        this.lock = lock;
    }

    /**
     * Begins a backup.
     *
     * @param place where it is to be in the end
     * @throws ProblemException {@code backup.exists}, {@code backup.in-progress}, {@code disk.…}
     */
    static PartFolder begin(Path place) {
        refuseExisting(place);
        Path path = place.resolveSibling(place.getFileName() + ".part");
        // One that is whole but for its name was cut off at the very end, and is an earlier backup of ours.
        if (Files.exists(path)
                && !Files.exists(path.resolve(LOCK))
                && !Files.exists(path.resolve(BackupFolder.MANIFEST))) {
            throw exists(path);
        }
        FileTree.make(path);
        FileChannel lock = locked(path);
        var part = new PartFolder(place, path, lock);
        try {
            FileTree.empty(path, Set.of(LOCK));
            return part;
        } catch (RuntimeException e) {
            part.close();
            throw e;
        }
    }

    private static void refuseExisting(Path place) {
        if (Files.exists(place)) {
            throw exists(place);
        }
    }

    private static ProblemException exists(Path place) {
        return new Problem(
                        "backup.exists",
                        "There is something at " + place + " already.",
                        "Give the backup a name of its own, such as one with the day in it; nothing is overwritten.")
                .asException();
    }

    private static FileChannel locked(Path path) {
        try {
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                channel.close();
                throw inProgress(path).asException(e);
            }
            channel.close();
            throw inProgress(path).asException();
        } catch (IOException e) {
            throw DurableFiles.failed("make", path.resolve(LOCK), e);
        }
    }

    private static Problem inProgress(Path path) {
        return new Problem(
                "backup.in-progress", "Another backup is being written to " + path + ".", "Wait until it has ended.");
    }

    Path path() {
        return path;
    }

    /** All is written: syncs the folders and gives the backup its name. */
    void complete() {
        DurableFiles.delete(path.resolve(LOCK));
        FileTree.syncFolders(path);
        refuseExisting(place);
        DurableFiles.move(path, place);
        complete = true;
    }

    @Override
    public void close() {
        try (lock) {
            if (!complete) {
                FileTree.empty(path, Set.of());
                DurableFiles.delete(path);
            }
        } catch (IOException e) {
            throw DurableFiles.failed("close", path, e);
        }
    }
}
