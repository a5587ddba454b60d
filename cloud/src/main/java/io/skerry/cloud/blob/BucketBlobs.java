package io.skerry.cloud.blob;

import io.skerry.content.ContentStore;
import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Blobs in a bucket. What is fetched from far arrives in a folder of this process, from where a fetch that was cut off goes on; whole
 * and verified it goes into the bucket, and out of the folder.
 */
final class BucketBlobs implements Blobs {
    private static final int MOST_FAILURES = 3;

    private final Bucket bucket;
    private final Path folder;
    private final Arrivals arrivals;

    BucketBlobs(Bucket bucket, Path folder) {
        this.bucket = bucket;
        this.folder = folder;
        this.arrivals = new Arrivals(folder, ALONE);
    }

    @Override
    public void check() {
        bucket.check();
    }

    @Override
    public void claim(String installation) {
        check();
        bucket.claim(installation);
    }

    @Override
    public boolean has(Digest digest) {
        return bucket.size(digest).isPresent();
    }

    @Override
    public long size(Digest digest) {
        return bucket.size(digest).orElseThrow(() -> FolderBlobs.missing(digest).asException());
    }

    @Override
    public InputStream open(Digest digest, long first, long length) {
        long end = first + length;
        return new BlobStream(digest, first, length, MOST_FAILURES, from -> bucket.read(digest, from, end));
    }

    @Override
    public Digest put(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        put(digest, new ByteArrayInputStream(bytes));
        return digest;
    }

    @Override
    public void put(Digest expected, InputStream content) {
        if (!has(expected)) {
            bucket.write(expected, content);
        }
    }

    @Override
    public void fetch(String owner, Digest expected, long size, Consumer<ContentStore.Partial> fetching) {
        ContentStore arriving = arrivals.of(owner);
        try (ContentStore.Partial partial = arriving.partial(expected, size)) {
            fetching.accept(partial);
        }
        try (InputStream content = arriving.open(expected)) {
            bucket.write(expected, content);
        } catch (ProblemException e) {
            if (e.code().equals("content.digest-mismatch") || e.code().equals("content.unreadable")) {
                // The disk gives back something else than was verified: fetched anew the next time.
                arriving.delete(expected);
            }
            // Else it stays, and the next time is only sent on.
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        arriving.delete(expected);
    }

    @Override
    public Stream<Stored> stored() {
        return bucket.all();
    }

    @Override
    public void delete(Digest digest) {
        bucket.delete(digest);
    }

    @Override
    public void forgetUnfinished(Instant untouchedSince) {
        arrivals.forgetUnfinished(untouchedSince);
        bucket.abortUploads(untouchedSince);
    }

    @Override
    public boolean copyTo(ContentStore target, Digest digest) {
        try (InputStream in = open(digest)) {
            target.put(digest, in);
            return true;
        } catch (ProblemException e) {
            if (e.code().equals("content.missing")) {
                return false;
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long freeBytes() {
        try {
            return Files.getFileStore(Files.createDirectories(folder)).getUsableSpace();
        } catch (IOException e) {
            throw DurableFiles.failed("look at the free space of", folder, e);
        }
    }

    /** Each leaves the disk before the next one comes. */
    @Override
    public long bytesOnDisk(Collection<Long> sizes) {
        return sizes.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    @Override
    public void close() {
        bucket.close();
    }
}
