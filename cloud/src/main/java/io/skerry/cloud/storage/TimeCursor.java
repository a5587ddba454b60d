package io.skerry.cloud.storage;

import io.skerry.spec.ProblemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a list whose newest comes first: the page after it has what is older than what this names. For lists whose ids don't
 * say when what they name was made.
 *
 * @param at when that was made or begun, milliseconds since 1970
 * @param id by which it is known; decides among those of the same time
 */
public record TimeCursor(long at, String id) {
    /** Before all. */
    public static final TimeCursor BEGINNING = new TimeCursor(Long.MAX_VALUE, "");

    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-(.*)");

    /**
     * What {@link #text} wrote; empty for the beginning.
     *
     * @throws ProblemException {@code input.cursor-unknown}
     */
    public static TimeCursor parse(String text) {
        if (text.isEmpty()) {
            return BEGINNING;
        }
        Matcher given = FORM.matcher(text);
        if (!given.matches()) {
            throw Page.unknownCursor(text).asException();
        }
        return new TimeCursor(Long.parseLong(given.group(1)), given.group(2));
    }

    public String text() {
        return at + "-" + id;
    }
}
