package io.skerry.cloud.blob;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** A bucket's objects, each a blob: {@code <prefix>blobs/<2 hex>/<hex>}, named as files are in a folder of content. */
final class Bucket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bucket.class);
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{2}/([0-9a-f]{64})");
    private static final int PAGE = 1000;
    private static final int LONGEST_OWNER = 200;

    private final S3Client client;
    private final AwsCredentialsProvider credentials;
    private final BucketAddress address;
    private final BucketProblems problems;
    private final int page;

    /** @param page how many objects are listed at once */
    Bucket(S3Client client, AwsCredentialsProvider credentials, BucketAddress address, int page) {
        this.client = client;
        this.credentials = credentials;
        this.address = address;
        this.page = page;
        problems = new BucketProblems(address);
    }

    static Bucket open(BucketAddress address) {
        return open(address, PAGE);
    }

    static Bucket open(BucketAddress address, int page) {
        return open(address, page, BucketAccess.CALL);
    }

    /** @param call how long a call without content may take */
    static Bucket open(BucketAddress address, int page, Duration call) {
        AwsCredentialsProvider credentials = BucketAccess.credentials(address);
        return new Bucket(BucketAccess.client(address, credentials, call), credentials, address, page);
    }

    /** Looks whether it is there and may be listed. */
    void check() {
        BucketAccess.requireCredentials(address, credentials);
        page("", 1);
    }

    /**
     * Notes at the first use whose content it is, and refuses it to every other installation from then on: what one's database doesn't
     * reach its collector removes, whoever put it there.
     *
     * @param installation by which it is known, 1 to 200 characters
     */
    void claim(String installation) {
        Optional<String> owner = owner();
        if (owner.isEmpty()) {
            calling(
                    "write to",
                    () -> client.putObject(
                            r -> r.bucket(address.bucket()).key(ownerKey()).contentType("text/plain"),
                            RequestBody.fromString(installation)));
            // Somebody else may have done so at the same time.
            owner = owner();
        }
        if (owner.filter(installation::equals).isEmpty()) {
            throw new Problem(
                            "content.other-installation",
                            "In " + address.told()
                                    + " lies the content of another installation, which would remove this one's.",
                            "Give this one a bucket or a prefix of its own; if the other is gone for good, remove the object "
                                    + ownerKey() + " first.")
                    .asException();
        }
    }

    private Optional<String> owner() {
        try (ResponseInputStream<GetObjectResponse> answer =
                client.getObject(r -> r.bucket(address.bucket()).key(ownerKey()))) {
            return Optional.of(new String(answer.readNBytes(LONGEST_OWNER), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw problems.of("read", SdkClientException.create("the answer broke off", e));
        } catch (SdkException e) {
            if (BucketProblems.isNotFound(e)) {
                return Optional.empty();
            }
            throw problems.of("read", e);
        }
    }

    private String ownerKey() {
        return address.prefix() + "installation";
    }

    private String folder() {
        return address.prefix() + "blobs/";
    }

    String key(Digest digest) {
        return folder() + digest.hex().substring(0, 2) + "/" + digest.hex();
    }

    private Optional<Digest> digest(String key) {
        // What else may lie there isn't ours.
        Matcher name = NAME.matcher(key.substring(Math.min(folder().length(), key.length())));
        return name.matches() ? Optional.of(new Digest("sha256:" + name.group(1))) : Optional.empty();
    }

    /** How many bytes a blob has; empty when there is none. */
    Optional<Long> size(Digest digest) {
        try {
            return Optional.of(BucketProblems.told(
                    client.headObject(r -> r.bucket(address.bucket()).key(key(digest)))
                            .contentLength()));
        } catch (SdkException e) {
            if (BucketProblems.isNotFound(e)) {
                return Optional.empty();
            }
            throw problems.of("look for", e);
        }
    }

    /** The bytes of a blob from an offset to the last one before {@code end}. */
    InputStream read(Digest digest, long from, long end) {
        try {
            ResponseInputStream<GetObjectResponse> answer = client.getObject(
                    r -> r.bucket(address.bucket()).key(key(digest)).range("bytes=" + from + "-" + (end - 1)));
            if (BucketProblems.told(answer.response().contentLength()) != end - from) {
                answer.abort();
                throw new Problem(
                                "content.failed",
                                "The storage has another size for the blob " + digest
                                        + " than it had, or knows no ranges.",
                                "Look whether somebody else writes to " + address.told() + ".")
                        .asException();
            }
            return new Answer(answer, end - from);
        } catch (SdkException e) {
            throw BucketProblems.isNotFound(e) ? FolderBlobs.missing(digest).asException(e) : problems.of("read", e);
        }
    }

    /** Stores what the stream has, after all of it was found to be what is expected. */
    void write(Digest expected, InputStream content) {
        calling("write to", () -> {
            new Upload(client, address.bucket(), key(expected), expected).of(content);
            return expected;
        });
    }

    void delete(Digest digest) {
        calling(
                "delete from",
                () -> client.deleteObject(r -> r.bucket(address.bucket()).key(key(digest))));
    }

    /** All blobs, a page of them at a time. */
    Stream<Blobs.Stored> all() {
        return Stream.iterate(
                        Optional.of(page("", page)),
                        Optional::isPresent,
                        p -> p.filter(ListObjectsV2Response::isTruncated)
                                .map(r -> page(r.nextContinuationToken(), page)))
                .flatMap(Optional::stream)
                .flatMap(p -> p.contents().stream())
                .flatMap(this::stored);
    }

    private Stream<Blobs.Stored> stored(S3Object object) {
        return digest(object.key()).map(d -> new Blobs.Stored(d, object.lastModified())).stream();
    }

    private ListObjectsV2Response page(String token, int most) {
        return calling("list", () -> {
            ListObjectsV2Response answer = client.listObjectsV2(r -> {
                r.bucket(address.bucket()).prefix(folder()).maxKeys(most);
                if (!token.isEmpty()) {
                    r.continuationToken(token);
                }
            });
            BucketProblems.told(answer.isTruncated());
            return answer;
        });
    }

    /** Ends uploads that a process which died had begun; some of them, when there are very many. */
    void abortUploads(Instant begunBefore) {
        for (MultipartUpload upload : uploads()) {
            if (upload.initiated().isBefore(begunBefore) && digest(upload.key()).isPresent()) {
                abort(upload);
            }
        }
    }

    private void abort(MultipartUpload upload) {
        try {
            client.abortMultipartUpload(
                    r -> r.bucket(address.bucket()).key(upload.key()).uploadId(upload.uploadId()));
            LOG.info("An upload to {} that was cut off was removed.", address.told());
        } catch (SdkException e) {
            // Perhaps somebody else has ended it just now.
            if (!BucketProblems.isNotFound(e)) {
                throw problems.of("end an upload to", e);
            }
        }
    }

    Iterable<MultipartUpload> uploads() {
        return calling(
                "list uploads to",
                () -> client.listMultipartUploads(
                                r -> r.bucket(address.bucket()).prefix(folder()))
                        .uploads());
    }

    private <T> T calling(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw problems.of(doing, e);
        }
    }

    @Override
    public void close() {
        client.close();
        if (credentials instanceof SdkAutoCloseable held) {
            held.close();
        }
    }

    /** What the server sends; its failures are {@link IOException}s, and an end before its time cuts the connection. */
    private static final class Answer extends FilterInputStream {
        private final ResponseInputStream<GetObjectResponse> answer;
        private long left;

        Answer(ResponseInputStream<GetObjectResponse> answer, long length) {
            super(answer);
            this.answer = answer;
            left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int at, int most) throws IOException {
            try {
                int n = super.read(bytes, at, most);
                left -= Math.max(0, n);
                return n;
            } catch (SdkException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            if (left > 0) {
                // Closing would read the rest, which may be gigabytes.
                answer.abort();
            } else {
                super.close();
            }
        }
    }
}
