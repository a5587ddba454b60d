package io.skerry.cloud.storage;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds all that a control plane keeps. Only one process has it open: the others are refused until it is
 * closed or that process has ended.
 */
public final class DataFolder implements AutoCloseable {
    static final int FORMAT = 1;
    private static final Pattern FORMAT_FIELD = Pattern.compile("\"format\"\\s*:\\s*(\\d{1,9})\\b");

    private final Path root;
    private final FileChannel lock;

    private DataFolder(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Opens the folder, making it when it isn't there.
     *
     * @throws io.skerry.spec.ProblemException {@code data.in-use}, {@code data.newer-version}, {@code data.unreadable}
     */
    public static DataFolder open(Path root) {
        FileChannel lock = null;
        try {
            Files.createDirectories(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            lock = lock(root);
            checkFormat(root);
            return new DataFolder(root, lock);
        } catch (IOException e) {
            close(lock, e);
            throw new Problem(
                            "data.unreadable",
                            "The data folder " + root + " can't be opened: " + Text.shortened(e.toString(), 200) + ".",
                            "Check that it is a folder which this user may write to.")
                    .asException(e);
        } catch (RuntimeException e) {
            close(lock, e);
            throw e;
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            close(channel, e);
            throw inUse(root).asException(e);
        }
        channel.close();
        throw inUse(root).asException();
    }

    private static Problem inUse(Path root) {
        return new Problem(
                "data.in-use",
                "Another control plane has the data folder " + root + " open.",
                "Stop that one first, or give this one a folder of its own with --data.");
    }

    private static void checkFormat(Path root) throws IOException {
        Path file = root.resolve("format.json");
        if (!Files.exists(file)) {
            // Atomic by rename: a folder cut off here is as good as new.
            Path temporary = root.resolve("format.json.tmp");
            Files.writeString(temporary, "{\"format\":" + FORMAT + "}\n");
            Files.move(
                    temporary,
                    file,
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(4096);
        }
        Matcher field = FORMAT_FIELD.matcher(new String(bytes, StandardCharsets.UTF_8));
        if (!field.find()) {
            throw new Problem(
                            "data.unreadable",
                            "The data folder " + root + " has a format.json that says no format.",
                            "Check that it is a control plane's data folder.")
                    .asException();
        }
        int format = Integer.parseInt(field.group(1));
        if (format > FORMAT) {
            throw newer(root).asException();
        }
    }

    static Problem newer(Path root) {
        return new Problem(
                "data.newer-version",
                "The data folder " + root + " was written by a newer version of Skerry.",
                "Run that version or a later one; this one changes nothing in it.");
    }

    private static void close(@Nullable FileChannel channel, Exception because) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                because.addSuppressed(e);
            }
        }
    }

    public Path root() {
        return root;
    }

    /** A name of its own, made at the first call, by which it is told from other control planes' folders. */
    public String name() {
        Path file = root.resolve("name");
        if (!Files.exists(file)) {
            DurableFiles.write(file, UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII), 0600);
        }
        try {
            String name = Files.readString(file, StandardCharsets.US_ASCII);
            return UUID.fromString(name).toString();
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(
                            "data.unreadable",
                            "The data folder " + root + " has a file 'name' that isn't readable as a name.",
                            "Remove that file; it is made anew.")
                    .asException(e);
        }
    }

    /** A folder in it, made when it isn't there, for the owner alone. */
    public Path folder(String name) {
        Path folder = root.resolve(name);
        try {
            return Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new Problem(
                            "data.unreadable",
                            "The folder " + folder + " can't be made: " + Text.shortened(e.toString(), 200) + ".",
                            "Check that this user may write to the data folder and that its disk isn't full.")
                    .asException(e);
        }
    }

    /** Gives the folder free for another process. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
