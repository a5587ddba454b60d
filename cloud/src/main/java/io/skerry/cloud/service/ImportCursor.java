package io.skerry.cloud.service;

import io.skerry.cloud.storage.Page;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a customer's imports, newest first: behind the one that began then and has this id.
 *
 * @param startedAt milliseconds since 1970
 */
public record ImportCursor(long startedAt, String importId) {
    /** Before all imports. */
    public static final ImportCursor BEGINNING = new ImportCursor(Long.MAX_VALUE, "");

    private static final Pattern FORM = Pattern.compile("time:([0-9]{1,18}),id:(.*)");

    static ImportCursor behind(ImportView last) {
        return new ImportCursor(last.startedAt(), last.importId());
    }

    /**
     * What {@link #toString} said; empty for the beginning.
     *
     * @throws io.skerry.spec.ProblemException {@code input.cursor-unknown}
     */
    public static ImportCursor parse(String text) {
        if (text.isEmpty()) {
            return BEGINNING;
        }
        Matcher given = FORM.matcher(text);
        if (!given.matches()) {
            throw Page.unknownCursor(text).asException();
        }
        return new ImportCursor(Long.parseLong(given.group(1)), given.group(2));
    }

    @Override
    public String toString() {
        return "time:" + startedAt + ",id:" + importId;
    }
}
