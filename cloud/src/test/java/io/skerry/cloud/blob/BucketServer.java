package io.skerry.cloud.blob;

import io.skerry.spec.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;

/** S3-compatible storage on loopback: S3Proxy, with one bucket and its objects in memory. */
final class BucketServer {
    static final String BUCKET = "content";
    static final String KEY = "AKIATESTS";
    static final String SECRET = "not-to-be-told";

    private static final Object ONCE = new Object();
    private static Optional<BucketServer> shared = Optional.empty();

    private final S3Proxy proxy;
    private final BlobStore store;
    private final Path credentials;

    private BucketServer() throws Exception {
        credentials =
                credentials("[default]\naws_access_key_id = " + KEY + "\naws_secret_access_key = " + SECRET + "\n");
        store = ContextBuilder.newBuilder(new TransientApiMetadata())
                .credentials("identity", "credential")
                .build(BlobStoreContext.class)
                .getBlobStore();
        store.createContainerInLocation(null, BUCKET);
        proxy = S3Proxy.builder()
                .blobStore(store)
                .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .build();
        proxy.start();
    }

    /** The one of this process, which ends with it. */
    static BucketServer shared() {
        synchronized (ONCE) {
            BucketServer server = shared.orElseGet(() -> {
                try {
                    return new BucketServer();
                } catch (Exception e) {
                    throw new IllegalStateException("S3Proxy doesn't start", e);
                }
            });
            shared = Optional.of(server);
            return server;
        }
    }

    /** A file that has these credentials, its owner's alone; it goes with this process. */
    static Path credentials(String content) {
        try {
            Path file = Files.createTempFile(
                    "credentials",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            file.toFile().deleteOnExit();
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return proxy.getPort();
    }

    /** Where content is for what is kept in this folder, the same at each call. */
    BucketAddress of(Path folder) {
        return at(port(), BUCKET, folder);
    }

    /** The same by another way, or another bucket. */
    BucketAddress at(int port, String bucket, Path folder) {
        String prefix = Digest.of(folder.toString().getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, 12);
        return BucketAddress.parse(
                "s3://" + bucket + "/" + prefix + "?endpoint=http://127.0.0.1:" + port, Optional.of(credentials));
    }

    /** Puts an object there that isn't a blob. */
    void put(String key, String says) {
        store.putBlob(BUCKET, store.blobBuilder(key).payload(says).build());
    }

    boolean has(String key) {
        return store.blobExists(BUCKET, key);
    }
}
