package io.skerry.cloud.storage;

import io.skerry.spec.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * By what the rows of a table are compared.
 *
 * @param rows how many there are
 * @param digest of their lines, in the order of the key, each with its line feed
 */
public record RowSum(long rows, Digest digest) {
    /** Adds up lines. */
    public static final class Counter {
        private final MessageDigest hash = Digest.sha256();
        private long rows;

        public void add(String line) {
            hash.update(line.getBytes(StandardCharsets.UTF_8));
            hash.update((byte) '\n');
            rows++;
        }

        /** Of all that was added; called once. */
        public RowSum sum() {
            return new RowSum(rows, Digest.of(hash));
        }
    }
}
