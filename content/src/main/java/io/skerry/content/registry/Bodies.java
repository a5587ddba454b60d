package io.skerry.content.registry;

import io.skerry.content.oci.ImageReference;
import java.io.IOException;

/** Reads small bodies whole, within bounds. */
final class Bodies {
    private static final int MOST_DISCARDED = 16 * 1024;

    private Bodies() {}

    /** @throws io.skerry.spec.ProblemException {@code registry.too-large} */
    static byte[] read(ImageReference reference, HttpAnswer answer, int most, String what) throws IOException {
        long said = length(answer);
        if (said > most) {
            throw tooLarge(reference, most, what);
        }
        byte[] bytes = answer.body().readNBytes(most);
        if (bytes.length == most && answer.body().read() >= 0) {
            throw tooLarge(reference, most, what);
        }
        if (said >= 0 && bytes.length < said) {
            throw new IOException("the answer ended after " + bytes.length + " of " + said + " bytes");
        }
        return bytes;
    }

    /** Reads over a short body, so that the connection can be used again; gives the connection up when it is long. */
    static void discard(HttpAnswer answer) throws IOException {
        try (answer) {
            answer.body().readNBytes(MOST_DISCARDED);
        }
    }

    /** The length that an answer's header says; -1 when it says none. */
    static long length(HttpAnswer answer) {
        try {
            return answer.header("Content-Length").map(Long::parseLong).orElse(-1L);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static RuntimeException tooLarge(ImageReference reference, int most, String what) {
        return RegistryProblems.tooLarge(reference, what + " of more than " + most + " bytes");
    }
}
