package io.skerry.cloud.node;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a customer's claim tokens, newest first: the page after it has what is older.
 *
 * @param createdAt of the token before that place, milliseconds since 1970
 * @param claimTokenId of the same
 */
record ClaimCursor(long createdAt, String claimTokenId) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})-([0-9a-f]{16})");

    /** The token is the last one of a page. */
    static ClaimCursor after(ClaimRecord claim) {
        return new ClaimCursor(claim.createdAt(), claim.claimTokenId());
    }

    /**
     * What {@link #text} wrote; empty for the beginning.
     *
     * @throws io.skerry.spec.ProblemException {@code input.malformed}
     */
    static ClaimCursor parse(String text) {
        if (text.isEmpty()) {
            return new ClaimCursor(Long.MAX_VALUE, "");
        }
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new Problem(
                            "input.malformed",
                            "'" + Text.shortened(text, 60) + "' is no cursor of claim tokens.",
                            "Give the next_cursor of the page before as it is.")
                    .asException();
        }
        return new ClaimCursor(Long.parseLong(m.group(1)), m.group(2));
    }

    String text() {
        return createdAt + "-" + claimTokenId;
    }
}
