package io.skerry.spec.wire;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator hands to a new device: a secret that it may use to enrol, and by which certificate authority it will know
 * the cloud, so that the very first connection is already checked.
 *
 * <p>Written {@code skc1_<secret>_<authority>}: the secret is 43 characters of base64url (256 bits) with {@code _} never used
 * ({@code ~} stands for it), the authority the SHA-256 of the authority certificate's DER form in hex.
 */
public record ClaimToken(String secret, String authorityFingerprint) {
    /** How many hex digits an id has. */
    public static final int ID_DIGITS = 16;

    private static final Pattern FORM = Pattern.compile("skc1_([A-Za-z0-9~-]{43})_([0-9a-f]{64})");

    /** @throws ProblemException {@code claim-token.malformed}; the token itself is not repeated */
    public static ClaimToken parse(String text) {
        Matcher m = FORM.matcher(text.strip());
        if (!m.matches()) {
            throw new Problem(
                            "claim-token.malformed",
                            "This is not a claim token.",
                            "Copy the whole token that 'skerry node claim' printed; it begins with skc1_.")
                    .asException();
        }
        return new ClaimToken(m.group(1), m.group(2));
    }

    /** How operators name it: the beginning of the SHA-256 of its secret, in hex. Nobody can enrol by it. */
    public String id() {
        return Digest.of(secret.getBytes(StandardCharsets.UTF_8)).hex().substring(0, ID_DIGITS);
    }

    /** As {@link #parse} reads it. A secret: for the one place that shows it. */
    public String text() {
        return "skc1_" + secret + "_" + authorityFingerprint;
    }

    @Override
    public String toString() {
        return "ClaimToken[authority=" + authorityFingerprint.substring(0, 12) + "]";
    }
}
