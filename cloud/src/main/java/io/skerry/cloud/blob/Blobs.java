package io.skerry.cloud.blob;

import io.skerry.content.ContentStore;
import io.skerry.spec.Digest;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The images' content by digest, wherever it is kept.
 *
 * <p>A blob is here once it is whole and its digest was verified, and not before; it outlives a power failure then. Whoever has the
 * same place sees it at once. Safe for use by several threads; they and several processes may put the same blob at a time.
 *
 * <p>Calls throw {@code disk.…} when a disk fails, and where there is a bucket {@code content.unavailable}, {@code content.refused},
 * {@code content.no-bucket}, {@code content.failed} or {@code content.interrupted}, after a bounded time.
 */
public sealed interface Blobs extends AutoCloseable permits FolderBlobs, BucketBlobs {
    /** The writer's name where there is no other. */
    String ALONE = "alone";

    /**
     * In a folder, which is made when it is missing.
     *
     * @param writer a name that only this process has, now and after a restart; empty when no other one writes there
     */
    static Blobs inFolder(Path folder, Optional<String> writer) {
        return new FolderBlobs(
                writer.map(w -> ContentStore.shared(folder, w)).orElseGet(() -> ContentStore.open(folder)),
                new Arrivals(folder.resolve("arriving"), writer.orElse(ALONE)));
    }

    /**
     * In a bucket.
     *
     * @param arriving this process's folder for what arrives and isn't in the bucket yet; made when something does
     * @throws io.skerry.spec.ProblemException {@code content.credentials-…}, {@code content.no-region}, {@code
     *     content.authority-malformed}
     */
    static Blobs inBucket(BucketAddress address, Path arriving) {
        return new BucketBlobs(Bucket.open(address), arriving);
    }

    /**
     * In a bucket if there is one, else in the folder {@code content} of a data folder; for a program beside the control plane.
     *
     * @throws io.skerry.spec.ProblemException as {@link #inBucket}
     */
    static Blobs at(Optional<BucketAddress> bucket, Path data) {
        return bucket.map(b -> inBucket(b, data.resolve("arriving")))
                .orElseGet(() -> inFolder(data.resolve("content"), Optional.empty()));
    }

    /**
     * A blob that is here whole.
     *
     * @param writtenAt by the clock of whoever keeps it
     */
    record Stored(Digest digest, Instant writtenAt) {}

    /**
     * Looks whether what it needs can be used.
     *
     * @throws io.skerry.spec.ProblemException besides the above {@code content.no-credentials}
     */
    void check();

    /**
     * As {@link #check}; and makes it this installation's, so that every other one is refused from then on.
     *
     * @param installation by which it is known, the same for all its processes and after a restore
     * @throws io.skerry.spec.ProblemException besides the above {@code content.no-credentials}, {@code content.other-installation}
     */
    void claim(String installation);

    boolean has(Digest digest);

    /** @throws io.skerry.spec.ProblemException {@code content.missing} */
    long size(Digest digest);

    /** The whole blob, as {@link #open(Digest, long, long)}. */
    default InputStream open(Digest digest) {
        return open(digest, 0, size(digest));
    }

    /**
     * A part of a blob. A read that breaks throws a {@link io.skerry.spec.ProblemException}: what ends has all that was asked for.
     *
     * @param first offset of its first byte
     * @param length how many bytes, all of which the blob has
     * @throws io.skerry.spec.ProblemException {@code content.missing}
     */
    InputStream open(Digest digest, long first, long length);

    /** Stores these bytes, unless they are here. */
    Digest put(byte[] bytes);

    /**
     * Stores what the stream has, unless it is here.
     *
     * @throws io.skerry.spec.ProblemException {@code content.digest-mismatch} when that isn't what was expected, {@code
     *     content.unreadable} when the stream fails; nothing is stored then
     */
    void put(Digest expected, InputStream content);

    /**
     * Has a blob come from far, whether or not it is here: whoever has it come shows that it is his. It may go on where it
     * stopped for the same owner, also after a restart. One thread at a time fetches a blob for an owner.
     *
     * @param owner a customer's id; what one has begun nobody else goes on with
     * @param size how many bytes it has
     * @param fetching brings what is missing, and finishes
     */
    void fetch(String owner, Digest expected, long size, Consumer<ContentStore.Partial> fetching);

    /** All blobs that are here whole, in no particular order, looked up as they are asked for. */
    Stream<Stored> stored();

    /** Removes a blob, if it is here. */
    void delete(Digest digest);

    /** Removes what this or another process began to store and hasn't touched since. */
    void forgetUnfinished(Instant untouchedSince);

    /**
     * Gives a blob to a folder, which has it of its own then.
     *
     * @return whether there is such a blob
     */
    boolean copyTo(ContentStore target, Digest digest);

    /** How many more bytes this process may write to its disk. */
    long freeBytes();

    /** How many bytes of the disk it takes to fetch blobs of these sizes one after the other. */
    long bytesOnDisk(Collection<Long> sizes);

    @Override
    void close();
}
