package io.skerry.content.registry;

import io.skerry.content.ContentStore;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageReference;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fetches one blob from where an earlier fetch of it stopped. */
final class BlobFetch {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(?:\\d{1,18}|\\*)");
    private static final int BUFFER = 64 * 1024;

    private final ImageReference reference;
    private final Descriptor descriptor;
    private final ContentStore.Partial partial;
    private final LongConsumer progress;
    private boolean complete;

    BlobFetch(ImageReference reference, Descriptor descriptor, ContentStore.Partial partial, LongConsumer progress) {
        this.reference = reference;
        this.descriptor = descriptor;
        this.partial = partial;
        this.progress = progress;
    }

    void run(RegistrySession session) {
        if (partial.isStored()) {
            return;
        }
        if (partial.offset() > descriptor.size()) {
            partial.restart();
        }
        complete = partial.offset() == descriptor.size();
        while (!complete) {
            session.ask(
                    "GET",
                    reference,
                    "blobs/" + descriptor.digest(),
                    "blob " + descriptor.digest() + " of",
                    this::headers,
                    partial::offset,
                    answer -> {
                        take(answer);
                        return partial;
                    });
        }
        try {
            partial.finish();
        } catch (ProblemException e) {
            throw e.code().equals("content.digest-mismatch")
                    ? RegistryProblems.digestMismatch(reference, "the blob " + descriptor.digest() + " has other bytes")
                    : e;
        }
    }

    private Map<String, String> headers() {
        // Bytes compressed for the way would be counted and resumed wrongly.
        return partial.offset() == 0
                ? Map.of("Accept-Encoding", "identity")
                : Map.of("Accept-Encoding", "identity", "Range", "bytes=" + partial.offset() + "-");
    }

    private void take(HttpAnswer answer) throws IOException {
        switch (answer.status()) {
            case 206 -> {
                if (!startsWhereWeAre(answer)) {
                    // Asked for again from the first byte, which every registry can serve.
                    restarted();
                    return;
                }
            }
            case 416 -> {
                restarted();
                return;
            }
            default -> partial.restart();
        }
        long here = partial.offset();
        if (Bodies.length(answer) > descriptor.size() - here) {
            throw tooLarge();
        }
        byte[] buffer = new byte[BUFFER];
        for (int n = answer.body().read(buffer); n >= 0; n = answer.body().read(buffer)) {
            if (partial.offset() + n > descriptor.size()) {
                partial.restart();
                throw tooLarge();
            }
            partial.write(ByteBuffer.wrap(buffer, 0, n));
            progress.accept(partial.offset());
        }
        if (partial.offset() < descriptor.size()) {
            throw new IOException("the blob ended after " + partial.offset() + " of " + descriptor.size() + " bytes");
        }
        complete = true;
    }

    private void restarted() {
        if (partial.offset() == 0) {
            throw RegistryProblems.malformed(reference, "a part of a blob where all of it was asked for");
        }
        partial.restart();
    }

    private boolean startsWhereWeAre(HttpAnswer answer) {
        Optional<String> range = answer.header("Content-Range");
        Matcher m = CONTENT_RANGE.matcher(range.orElse(""));
        return m.matches() && Long.parseLong(m.group(1)) == partial.offset();
    }

    private ProblemException tooLarge() {
        return RegistryProblems.tooLarge(
                reference,
                "more for the blob " + descriptor.digest() + " than the " + descriptor.size() + " bytes that it has");
    }
}
