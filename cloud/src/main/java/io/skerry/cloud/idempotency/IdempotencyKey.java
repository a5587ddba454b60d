package io.skerry.cloud.idempotency;

import io.skerry.spec.Problem;
import java.util.regex.Pattern;

/**
 * What a caller names one call by, in the header {@code Idempotency-Key} or as {@code idempotencyKey} in a request's extensions.
 *
 * @param text 1 to 255 visible ASCII characters
 */
public record IdempotencyKey(String text) {
    private static final int LONGEST = 255;
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1," + LONGEST + "}");

    /**
     * As the header has it: bare, or in quotes as the IETF's draft of it wants (draft-ietf-httpapi-idempotency-key-header).
     *
     * @throws io.skerry.spec.ProblemException {@code idempotency.key-malformed}
     */
    public static IdempotencyKey parse(String header) {
        String stripped = header.strip();
        boolean quoted = stripped.length() > 1 && stripped.startsWith("\"") && stripped.endsWith("\"");
        String text = quoted ? stripped.substring(1, stripped.length() - 1) : stripped;
        if (!FORM.matcher(text).matches()) {
            throw new Problem(
                            "idempotency.key-malformed",
                            "The idempotency key isn't 1 to " + LONGEST + " visible ASCII characters.",
                            "Send a UUID of your own, another one for each change that you want.")
                    .asException();
        }
        return new IdempotencyKey(text);
    }
}
