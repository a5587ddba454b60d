package io.skerry.spec;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of some bytes, written {@code sha256:<64 lower-case hex digits>} (OCI image specification, "Digests").
 *
 * <p>Other algorithms are refused: everything that Skerry makes or stores is addressed by SHA-256.
 */
public record Digest(String value) {
    private static final String PREFIX = "sha256:";
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    /** @throws ProblemException {@code digest.malformed} when it isn't a SHA-256 digest in the form above */
    public Digest {
        if (!FORM.matcher(value).matches()) {
            throw new Problem(
                            "digest.malformed",
                            "'" + Text.shortened(value, 100) + "' is not a digest that Skerry knows.",
                            "Write it as sha256: followed by 64 lower-case hexadecimal digits.")
                    .asException();
        }
    }

    /** The digest of these bytes. */
    public static Digest of(byte[] bytes) {
        return ofHash(sha256().digest(bytes));
    }

    /** The digest that a finished SHA-256 computation gives; the computation is reset by it. */
    public static Digest of(MessageDigest finished) {
        return ofHash(finished.digest());
    }

    private static Digest ofHash(byte[] hash) {
        return new Digest(PREFIX + HexFormat.of().formatHex(hash));
    }

    /** A new SHA-256 computation. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The 64 hexadecimal digits without the algorithm. */
    public String hex() {
        return value.substring(PREFIX.length());
    }

    /** The first twelve digits, for people. */
    public String brief() {
        return hex().substring(0, 12);
    }

    @Override
    public String toString() {
        return value;
    }
}
