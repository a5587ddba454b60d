package io.skerry.cloud.blob;

import static io.skerry.cloud.blob.BucketProblems.told;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A blob on its way into a bucket, a part of it in memory at a time. The digest is that of the very bytes that were sent, each part
 * guarded by its own on the way; the object appears at the end, when the digest is right, and not at all otherwise.
 */
final class Upload {
    private static final Logger LOG = LoggerFactory.getLogger(Upload.class);

    /** Larger ones go in several. Amazon takes 5 MiB at least, and 10,000 of them. */
    static final int PART = 8 << 20;

    private static final AwsRequestOverrideConfiguration PATIENCE = AwsRequestOverrideConfiguration.builder()
            .apiCallTimeout(Duration.ofMinutes(6))
            .apiCallAttemptTimeout(Duration.ofMinutes(2))
            .build();

    private final S3Client client;
    private final String bucket;
    private final String key;
    private final Digest expected;
    private final MessageDigest hash = Digest.sha256();

    Upload(S3Client client, String bucket, String key, Digest expected) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.expected = expected;
    }

    /** @throws ProblemException {@code content.digest-mismatch}, {@code content.unreadable}; then nothing is there */
    void of(InputStream content) {
        byte[] first = part(content);
        if (first.length < PART) {
            requireExpected();
            told(client.putObject(
                            r -> r.bucket(bucket)
                                    .key(key)
                                    .contentMD5(md5(first))
                                    .contentType("application/octet-stream")
                                    .overrideConfiguration(PATIENCE),
                            body(first))
                    .eTag());
            return;
        }
        String id = told(
                client.createMultipartUpload(r -> r.bucket(bucket).key(key).contentType("application/octet-stream"))
                        .uploadId());
        boolean complete = false;
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (byte[] part = first; part.length > 0; part = part(content)) {
                parts.add(sent(id, parts.size() + 1, part));
            }
            requireExpected();
            told(client.completeMultipartUpload(r -> r.bucket(bucket)
                            .key(key)
                            .uploadId(id)
                            .multipartUpload(u -> u.parts(parts))
                            .overrideConfiguration(PATIENCE))
                    .eTag());
            complete = true;
        } finally {
            if (!complete) {
                abort(id);
            }
        }
    }

    private byte[] part(InputStream content) {
        try {
            byte[] part = content.readNBytes(PART);
            hash.update(part);
            return part;
        } catch (IOException e) {
            throw new Problem("content.unreadable", "What was to become the blob " + expected + " can't be read.")
                    .asException(e);
        }
    }

    private CompletedPart sent(String id, int number, byte[] part) {
        String tag = told(client.uploadPart(
                        r -> r.bucket(bucket)
                                .key(key)
                                .uploadId(id)
                                .partNumber(number)
                                .contentMD5(md5(part))
                                .overrideConfiguration(PATIENCE),
                        body(part))
                .eTag());
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }

    private void requireExpected() {
        Digest found = Digest.of(hash);
        if (!found.equals(expected)) {
            throw new Problem(
                            "content.digest-mismatch",
                            "What came for the blob " + expected + " is something else (" + found + ").",
                            "It was thrown away; fetch it again.")
                    .asException();
        }
    }

    private void abort(String id) {
        // An interrupted thread can call nobody.
        boolean interrupted = Thread.interrupted();
        try {
            client.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(id));
        } catch (SdkException e) {
            LOG.warn(
                    "The parts of {} that were uploaded in vain can't be removed now; they are in a day.", expected, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RequestBody body(byte[] bytes) {
        return RequestBody.fromContentProvider(
                ContentStreamProvider.fromByteArrayUnsafe(bytes), bytes.length, "application/octet-stream");
    }

    private static String md5(byte[] bytes) {
        try {
            // Against damage on the way, as the protocol has it; what is what is known by SHA-256.
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
