package io.skerry.cloud.blob;

import io.skerry.content.ContentStore;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Blobs as files. */
final class FolderBlobs implements Blobs {
    private final ContentStore store;
    private final Arrivals arrivals;

    /** @param arrivals on the same file system */
    FolderBlobs(ContentStore store, Arrivals arrivals) {
        this.store = store;
        this.arrivals = arrivals;
    }

    @Override
    public void check() {
        // It was made when it was opened.
    }

    @Override
    public void claim(String installation) {
        // A data folder is held by one process at a time, and a shared one by those of one database.
    }

    @Override
    public boolean has(Digest digest) {
        return store.has(digest);
    }

    @Override
    public long size(Digest digest) {
        return store.size(digest);
    }

    @Override
    public InputStream open(Digest digest, long first, long length) {
        return new BlobStream(digest, first, length, 0, from -> {
            InputStream in = store.open(digest);
            try {
                in.skipNBytes(from);
                return in;
            } catch (IOException e) {
                in.close();
                throw e;
            }
        });
    }

    @Override
    public Digest put(byte[] bytes) {
        return store.put(bytes);
    }

    @Override
    public void put(Digest expected, InputStream content) {
        store.put(expected, content);
    }

    @Override
    public void fetch(String owner, Digest expected, long size, Consumer<ContentStore.Partial> fetching) {
        ContentStore arriving = arrivals.of(owner);
        try (ContentStore.Partial partial = arriving.partial(expected, size)) {
            fetching.accept(partial);
        }
        store.takeFrom(arriving, expected);
    }

    @Override
    public Stream<Stored> stored() {
        return store.list().stream()
                .flatMap(digest -> store.writtenAt(digest).map(at -> new Stored(digest, at)).stream());
    }

    @Override
    public void delete(Digest digest) {
        store.delete(digest);
    }

    @Override
    public void forgetUnfinished(Instant untouchedSince) {
        store.unfinished().stream()
                .filter(digest ->
                        store.writtenAt(digest).filter(untouchedSince::isAfter).isPresent())
                .filter(digest -> !store.has(digest))
                .forEach(store::delete);
        store.removeAbandoned(untouchedSince);
        arrivals.forgetUnfinished(untouchedSince);
    }

    @Override
    public boolean copyTo(ContentStore target, Digest digest) {
        Path copy = target.path(digest);
        try {
            Files.createDirectories(
                    copy.resolveSibling(".").normalize(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            // A second name for the same bytes, which nobody changes ever; it keeps them when the first is removed.
            Files.createLink(copy, store.path(digest));
            return true;
        } catch (FileAlreadyExistsException e) {
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException | UnsupportedOperationException e) {
            // On another file system, or one without links.
            return copied(target, digest);
        }
    }

    private boolean copied(ContentStore target, Digest digest) {
        try (InputStream in = Files.newInputStream(store.path(digest))) {
            target.put(digest, in);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw DurableFiles.failed("read", store.path(digest), e);
        }
    }

    @Override
    public long freeBytes() {
        return store.freeBytes();
    }

    @Override
    public long bytesOnDisk(Collection<Long> sizes) {
        return sizes.stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        // Nothing is held open.
    }

    static Problem missing(Digest digest) {
        return new Problem("content.missing", "The blob " + digest + " is not here.");
    }
}
