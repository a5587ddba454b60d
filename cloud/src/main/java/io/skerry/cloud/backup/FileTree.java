package io.skerry.cloud.backup;

import io.skerry.content.files.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is done with all that is in a folder. */
final class FileTree {
    private FileTree() {}

    /** Makes a folder, for its owner alone. */
    static void make(Path folder) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw DurableFiles.failed("make", folder, e);
        }
    }

    /** What stands directly in the folder; nothing when it isn't there. */
    static List<Path> entries(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw DurableFiles.failed("read", folder, e);
        }
    }

    /**
     * All files in the folder and in those below, also by links, but what is half written or another program's own (its name, or
     * that of a folder that it is in, begins with a dot) and locks.
     */
    static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(Files::isRegularFile)
                    .filter(f -> !("/" + folder.relativize(f)).matches(".*/\\..*|.*\\.lock"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw DurableFiles.failed("read", folder, new IOException(e));
        } catch (IOException e) {
            throw DurableFiles.failed("read", folder, e);
        }
    }

    /** Deletes what is in the folder, but not the folder. */
    static void empty(Path folder, Set<String> kept) {
        for (Path entry : entries(folder)) {
            if (!kept.contains(String.valueOf(entry.getFileName()))) {
                delete(entry);
            }
        }
    }

    private static void delete(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw DurableFiles.failed("delete", root, e);
        }
    }

    /** Makes it outlive a power failure which files are in the folder and in those below. */
    static void syncFolders(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(Files::isDirectory).forEach(DurableFiles::syncDirectory);
        } catch (IOException e) {
            throw DurableFiles.failed("read", root, e);
        }
    }
}
