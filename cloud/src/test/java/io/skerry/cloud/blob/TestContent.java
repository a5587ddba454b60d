package io.skerry.cloud.blob;

import io.skerry.content.ContentStore;
import io.skerry.spec.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the content is that tests run on: in a folder, or in a bucket when the system property {@code skerry.test.content} says
 * {@code s3}. Tests that import, serve, collect or back up content carry the tag {@value #TAG} and so run once on each.
 */
public final class TestContent {
    public static final String TAG = "content";

    private TestContent() {}

    /** The bucket for what is kept in this folder, the same at each call; nothing when it is a folder. */
    public static Optional<BucketAddress> of(Path data) {
        return System.getProperty("skerry.test.content", "").equals("s3")
                ? Optional.of(bucket(data))
                : Optional.empty();
    }

    /** A bucket for what is kept in this folder, whichever is under test. */
    public static BucketAddress bucket(Path data) {
        return BucketServer.shared().of(data);
    }

    /** The same bucket by way of another port. */
    public static BucketAddress bucket(Path data, ShortWire wire) {
        return BucketServer.shared().at(wire.port(), BucketServer.BUCKET, data);
    }

    /** A way to the server that has the buckets, which can be cut. */
    public static ShortWire wire() {
        return new ShortWire(BucketServer.shared().port());
    }

    /** What is under test, for what is kept in this folder. */
    public static Blobs open(Path data) {
        return Blobs.at(of(data), data);
    }

    /** Where what is being fetched for a customer arrives. */
    public static ContentStore arriving(Path data, String customer) {
        return new Arrivals(data.resolve(of(data).isPresent() ? "arriving" : "content/arriving"), Blobs.ALONE)
                .of(customer);
    }

    public static List<Digest> digests(Blobs blobs) {
        return blobs.stored().map(Blobs.Stored::digest).toList();
    }

    public static byte[] read(Blobs blobs, Digest digest) {
        try (InputStream in = blobs.open(digest)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
