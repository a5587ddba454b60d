package io.skerry.device.revision;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What configuration files say, for the daemon alone ({@code config/<digest>}, 0600): so that a container can be started after a
 * reboot without a cloud, and with its earlier files when an update goes back. Safe for use by several threads.
 */
public final class ConfigContents {
    private final Path folder;
    private final ReentrantLock lock = new ReentrantLock();
    /** Of the newest document, whose workload may not be known to anybody yet. */
    private Set<Digest> newest = Set.of();

    /** @param data the daemon's data folder */
    public ConfigContents(Path data) {
        folder = data.resolve("config");
    }

    /**
     * Has these on the disk, whatever else is there.
     *
     * @throws io.skerry.spec.ProblemException {@code disk.…}
     */
    public void keep(Map<Digest, byte[]> contents) {
        lock.lock();
        try {
            newest = Set.copyOf(contents.keySet());
            if (!contents.isEmpty()) {
                makeFolder();
            }
            contents.forEach((digest, content) -> {
                if (!isWhole(digest)) {
                    DurableFiles.write(file(digest), content, 0600);
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /** What the disk has spoilt is written again. */
    private boolean isWhole(Digest digest) {
        try {
            return Digest.of(Files.readAllBytes(file(digest))).equals(digest);
        } catch (IOException e) {
            return false;
        }
    }

    private void makeFolder() {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw DurableFiles.failed("make", folder, e);
        }
    }

    /**
     * One content.
     *
     * @param container who needs it, for the message
     * @throws io.skerry.spec.ProblemException {@code container.config-missing} when it isn't there, or the disk has spoilt it
     */
    public byte[] read(Digest digest, String container, String path) {
        try (InputStream in = Files.newInputStream(file(digest))) {
            byte[] content = in.readAllBytes();
            if (Digest.of(content).equals(digest)) {
                return content;
            }
        } catch (NoSuchFileException e) {
            throw missing(container, path).asException(e);
        } catch (IOException e) {
            throw DurableFiles.failed("read", file(digest), e);
        }
        throw missing(container, path).asException();
    }

    private static Problem missing(String container, String path) {
        return new Problem(
                "container.config-missing",
                "What the configuration file " + path + " of '" + container + "' says isn't on the device any more.",
                "Have the instance tried again, which brings its files again.");
    }

    /**
     * Removes all but these and what the newest document brought.
     *
     * @throws io.skerry.spec.ProblemException {@code disk.…}
     */
    void keepOnly(Set<Digest> needed) {
        lock.lock();
        try {
            Set<String> names = new HashSet<>();
            needed.forEach(d -> names.add(d.hex()));
            newest.forEach(d -> names.add(d.hex()));
            try (var files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    if (!names.contains(String.valueOf(file.getFileName()))) {
                        Files.deleteIfExists(file);
                    }
                }
            } catch (NoSuchFileException _) {
                // No container ever had a file.
            } catch (IOException e) {
                throw DurableFiles.failed("clear", folder, e);
            }
        } finally {
            lock.unlock();
        }
    }

    private Path file(Digest digest) {
        return folder.resolve(digest.hex());
    }
}
