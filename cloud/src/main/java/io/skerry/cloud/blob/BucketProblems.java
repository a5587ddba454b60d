package io.skerry.cloud.blob;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a call to a bucket failed of, in words. Neither they nor what the SDK says have a secret in them. */
record BucketProblems(BucketAddress address) {
    private static final Set<String> OTHER_REGION =
            Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException");
    private static final Set<String> FOR_NOW =
            Set.of("SlowDown", "RequestTimeout", "InternalError", "TooManyRequests", "IncompleteBody", "BadDigest");

    /** @param doing for example "list" */
    ProblemException of(String doing, SdkException e) {
        if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
            return new Problem("content.interrupted", "It was interrupted to " + doing + " " + address.told() + ".")
                    .asException(e);
        }
        return e instanceof AwsServiceException answer
                ? answered(doing, answer).asException(e)
                : unavailable(doing, "doesn't answer").asException(e);
    }

    static boolean isNotFound(SdkException e) {
        return e instanceof AwsServiceException answer
                && answer.statusCode() == 404
                && !code(answer).equals("NoSuchBucket");
    }

    /** A part that every answer has. The JDK's client takes an answer that was cut off amid its headers for a whole one. */
    static <T> T told(@Nullable T part) {
        if (part == null) {
            throw SdkClientException.create("the answer was cut off");
        }
        return part;
    }

    private Problem answered(String doing, AwsServiceException e) {
        String code = code(e);
        String told = "(" + e.statusCode() + (code.isEmpty() ? "" : " " + code) + ")";
        if (code.equals("NoSuchBucket")) {
            return new Problem(
                    "content.no-bucket",
                    "There is no bucket " + address.bucket() + " at " + server() + ".",
                    "Make it, or name another one with --content.");
        }
        if (OTHER_REGION.contains(code) || e.statusCode() == 301 || e.statusCode() == 307) {
            return new Problem(
                    "content.refused",
                    "The bucket " + address.bucket() + " is in another region or at another server " + told + ".",
                    "Name the right ones with region= and endpoint= in --content.");
        }
        if (e.statusCode() == 401 || e.statusCode() == 403) {
            return new Problem(
                    "content.refused",
                    "The storage refuses to let the control plane " + doing + " " + address.told() + " " + told + ".",
                    "Check the credentials, that this machine's clock is right, and that they may list the bucket and its"
                            + " uploads, and read, write and delete its objects.");
        }
        // Without a word of the protocol it is somebody on the way who says so, or a request that was cut off.
        boolean cutOff = e.statusCode() == 400 && code.isEmpty();
        if (e.statusCode() >= 500 || e.statusCode() == 429 || cutOff || FOR_NOW.contains(code)) {
            return unavailable(doing, "can't answer now " + told);
        }
        return new Problem(
                "content.failed",
                "The storage didn't let the control plane " + doing + " " + address.told() + " " + told + ".",
                "Look at the storage's log, and whether it keeps to the S3 protocol.");
    }

    private Problem unavailable(String doing, String how) {
        return new Problem(
                "content.unavailable",
                "To " + doing + " " + address.told() + " failed, because " + server() + " " + how + ".",
                "Look at the storage and the way to it, and try again.");
    }

    private String server() {
        return address.endpoint().map(Object::toString).orElse("Amazon S3");
    }

    private static String code(AwsServiceException e) {
        // A server's own word, which goes into a sentence.
        return Optional.ofNullable(e.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .filter(c -> c.matches("[A-Za-z0-9.]{1,60}"))
                .orElse("");
    }
}
