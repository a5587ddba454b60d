package io.skerry.content.files;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Replaces files and links such that after a power failure the old one or the new one is there, whole. When a call has
 * returned, its effect outlives one.
 *
 * <p>All calls throw {@code disk.full} when the file system has no room, and {@code disk.failed} on other failures; then the
 * old file is as it was, or the new one is in its place, whole, but may not outlive a power failure. What was written aside is
 * gone, for after a sync that failed the kernel counts as written what isn't. So the way to try again is the whole call.
 */
public final class DurableFiles {
    /** With less than a block free, a failed write failed for want of space. */
    private static final long LEAST_ROOM = 4096;

    private static final String WHEN_FULL = "Free some space or use a larger disk; it is tried again by itself.";
    private static final String WHEN_FAILED = "Look at the file system's state and permissions.";

    private DurableFiles() {}

    /**
     * Writes a file aside, syncs it and renames it into place.
     *
     * @param mode permissions such as {@code 0600}; those that the process's umask forbids are set nevertheless
     */
    public static void write(Path file, byte[] content, int mode) {
        Path aside = aside(file);
        try {
            try {
                Set<PosixFilePermission> permissions = permissions(mode);
                try (FileChannel channel = FileChannel.open(
                        aside,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(permissions))) {
                    ByteBuffer buffer = ByteBuffer.wrap(content);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    Files.setPosixFilePermissions(aside, permissions);
                    channel.force(true);
                }
                rename(aside, file);
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    /** Makes {@code link} a symbolic link to {@code target}, in place of what was there before (but not of a folder). */
    public static void link(Path link, Path target) {
        Path aside = aside(link);
        try {
            try {
                Files.createSymbolicLink(aside, target);
                rename(aside, link);
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (IOException e) {
            throw failed("link", link, e);
        }
    }

    /** Renames, and makes the renaming outlive a power failure. Both must be on one file system. */
    public static void move(Path from, Path to) {
        try {
            rename(from, to);
            if (!parent(from).equals(parent(to))) {
                sync(parent(from));
            }
        } catch (IOException e) {
            throw failed("move", to, e);
        }
    }

    /** Deletes a file or an empty folder, if it is there. */
    public static void delete(Path file) {
        try {
            if (Files.deleteIfExists(file)) {
                sync(parent(file));
            }
        } catch (IOException e) {
            throw failed("delete", file, e);
        }
    }

    /** Makes what was created, renamed and deleted in this folder outlive a power failure. */
    public static void syncDirectory(Path folder) {
        try {
            sync(folder);
        } catch (IOException e) {
            throw failed("sync", folder, e);
        }
    }

    /**
     * The problem that this failure to write is: {@code disk.full} with figures, {@code disk.interrupted} when it was the
     * thread that was interrupted, else {@code disk.failed}.
     *
     * @param verb what was being done: "write"
     */
    public static ProblemException failed(String verb, Path file, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new Problem("disk.interrupted", "It was interrupted to " + verb + " " + file + ".").asException(e);
        }
        OptionalLong room = room(file);
        if (isDiskFull(e, room)) {
            String figure = room.isPresent() ? " (" + room.getAsLong() + " bytes free)" : "";
            return new Problem("disk.full", "There is no space left to " + verb + " " + file + figure + ".", WHEN_FULL)
                    .asException(e);
        }
        return new Problem("disk.failed", "Can't " + verb + " " + file + ": " + e.getMessage() + ".", WHEN_FAILED)
                .asException(e);
    }

    /**
     * The problem that a program ended with which says that the disk has no room ({@code disk.full}) or doesn't read or write
     * ({@code disk.failed}); nothing when that isn't what it says.
     *
     * @param sentence what couldn't be done, with what the program said
     * @param said all that it said, in English
     */
    public static Optional<Problem> told(String sentence, String said) {
        // Programs in Go begin the kernel's words with a small letter.
        String words = said.toLowerCase(Locale.ROOT);
        // A control group that may have no more of its kind is told by the same words, and so is one without
        // processors.
        if (words.contains("/sys/fs/cgroup")) {
            return Optional.empty();
        }
        if (words.contains("no space left on device") || words.contains("disk quota exceeded")) {
            return Optional.of(new Problem("disk.full", sentence, WHEN_FULL));
        }
        return words.contains("input/output error")
                ? Optional.of(new Problem("disk.failed", sentence, WHEN_FAILED))
                : Optional.empty();
    }

    private static boolean isDiskFull(IOException e, OptionalLong room) {
        // The JDK has no type for it, only the C library's words, which may be in another language.
        String message = String.valueOf(e.getMessage());
        return message.contains("No space left on device")
                || message.contains("Disk quota exceeded")
                || (e.getClass() == IOException.class && room.isPresent() && room.getAsLong() < LEAST_ROOM);
    }

    private static OptionalLong room(Path file) {
        try {
            return OptionalLong.of(Files.getFileStore(parent(file)).getUsableSpace());
        } catch (IOException e) {
            // It is only for the message, and what failed before is told.
            return OptionalLong.empty();
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(parent(to));
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path aside(Path file) {
        return parent(file).resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        // Both run from the owner's reading to the others' executing.
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }
}
