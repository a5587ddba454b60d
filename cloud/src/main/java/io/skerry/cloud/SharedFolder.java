package io.skerry.cloud;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.content.files.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Keys and content: a folder that all processes on one database have in common, or, of one that needs none, its data folder.
 *
 * @param writer this process's name among those that write content there; empty when no other one can
 */
record SharedFolder(Path root, Optional<String> writer) {
    static SharedFolder of(CloudSettings settings, DataFolder own) {
        // A backup is restored into the shared folder, which is no process's own.
        settings.shared().ifPresent(DataFolder::refuseUnfinished);
        return new SharedFolder(
                settings.shared().orElseGet(own::root), settings.database().map(d -> own.name()));
    }

    /** A folder in it, made when it isn't there, for the owner alone. */
    Path folder(String name) {
        Path folder = root.resolve(name);
        try {
            return Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw DurableFiles.failed("make", folder, e);
        }
    }

    /** Opens keys, which are made when they aren't there: by one process at a time, so that all have the same. */
    <T> T making(Function<Path, T> opening) {
        Path keys = folder("keys");
        Path lock = keys.resolve("making.lock");
        try (FileChannel channel = FileChannel.open(
                        lock,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                var _ = channel.lock()) {
            return opening.apply(keys);
        } catch (IOException e) {
            throw DurableFiles.failed("lock", lock, e);
        }
    }

    /** The images' content: there, or in a bucket. */
    Blobs content(CloudSettings settings, DataFolder own) {
        return settings.content()
                .map(bucket -> Blobs.inBucket(bucket, own.folder("arriving")))
                .orElseGet(() -> Blobs.inFolder(folder("content"), writer));
    }
}
