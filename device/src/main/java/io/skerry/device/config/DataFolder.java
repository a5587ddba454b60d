package io.skerry.device.config;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The data folder, held by one process at a time. */
public final class DataFolder implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DataFolder.class.getName());

    /** The layout that this daemon writes. */
    static final int VERSION = 1;

    static final String FORMAT = "format.json";

    private static final Pattern UNMOUNTABLE = Pattern.compile("[:,\\\\]");

    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Takes the folder for this process; it is made when it is missing, and what earlier ones left half done goes.
     *
     * @throws ProblemException {@code data.newer-version} when a newer daemon wrote it, {@code data.in-use} when another
     *     process holds it, {@code data.path-unusable} when containers couldn't be mounted from it, {@code data.unusable};
     *     nothing in it is changed then
     */
    public static DataFolder open(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        requireMountable(path);
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw unusable(path, e);
        }
        boolean fresh;
        try {
            Misplaced.putAsideFormat(path);
            fresh = !formatIsKnown(path);
            Misplaced.putAside(path);
        } catch (IOException e) {
            throw unusable(path, e);
        }
        FileChannel lockFile = lock(path);
        try {
            LeftOvers.clear(path);
        } catch (IOException e) {
            // They take some room, no more.
            LOG.log(System.Logger.Level.WARNING, "can't remove what earlier daemons left in " + path, e);
        }
        if (fresh) {
            DurableFiles.write(path.resolve(FORMAT), FolderFormat.JSON.toJsonBytes(new FolderFormat(VERSION)), 0644);
        }
        return new DataFolder(path, lockFile);
    }

    /** In the options of an overlay's mount these characters end or quote a path. */
    private static void requireMountable(Path path) {
        Matcher found = UNMOUNTABLE.matcher(path.toString());
        if (found.find()) {
            throw new Problem(
                            "data.path-unusable",
                            "The data folder " + path + " can't be used: containers can't be mounted from a path with '"
                                    + found.group() + "'.",
                            "Choose a folder whose path has no colon, comma or backslash.")
                    .asException();
        }
    }

    public Path path() {
        return path;
    }

    /** What is wrong with it now, though it is used: {@code data.misplaced} while something is kept aside that stood in the wrong place. */
    public List<Problem> problems() {
        return Misplaced.kept(path).stream().toList();
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    private static boolean formatIsKnown(Path path) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path.resolve(FORMAT));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw unusable(path, e);
        }
        int version;
        try {
            version = Wire.read(FolderFormat.JSON, bytes, path.resolve(FORMAT).toString())
                    .version();
        } catch (ProblemException e) {
            // A bad disk must not keep the device from starting; each of the files below is read with care anyway.
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
            return false;
        }
        if (version > VERSION) {
            throw new Problem(
                            "data.newer-version",
                            "The data folder " + path + " has format " + version + ", this daemon knows formats up to "
                                    + VERSION + ".",
                            "Run the daemon that wrote it, or a newer one; nothing was changed.")
                    .asException();
        }
        return true;
    }

    private static FileChannel lock(Path path) {
        try {
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) != null) {
                return channel;
            }
            channel.close();
        } catch (IOException e) {
            throw unusable(path, e);
        }
        throw new Problem(
                        "data.in-use",
                        "Another process uses the data folder " + path + ".",
                        "Stop the device daemon that runs on it, or give this one a folder of its own.")
                .asException();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held within this very process.
            return null;
        }
    }

    private static ProblemException unusable(Path path, IOException e) {
        return new Problem(
                        "data.unusable",
                        "The data folder " + path + " can't be used: " + e.getMessage() + ".",
                        "Check that it is a folder and that this user may write to it.")
                .asException(e);
    }
}
