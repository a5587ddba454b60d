package io.skerry.cloud.registry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a blob that a request asks for (RFC 9110, "Range").
 *
 * @param first offset of its first byte
 * @param length how many bytes; 0 when none of what was asked for is there
 */
record ByteRange(long first, long length) {
    private static final Pattern FORM = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /**
     * Reads a {@code Range} header. One that isn't understood, or asks for several parts, counts as absent, as the RFC
     * allows.
     *
     * @param size of the whole
     */
    static Optional<ByteRange> parse(String header, long size) {
        Matcher matcher = FORM.matcher(header.replace(" ", ""));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        if (from.isEmpty()) {
            return to.isEmpty() ? Optional.empty() : Optional.of(last(Long.parseLong(to), size));
        }
        long first = Long.parseLong(from);
        long end = to.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(to));
        if (!to.isEmpty() && Long.parseLong(to) < first) {
            return Optional.empty();
        }
        return Optional.of(first >= size ? new ByteRange(0, 0) : new ByteRange(first, end - first + 1));
    }

    private static ByteRange last(long count, long size) {
        long length = Math.min(count, size);
        return new ByteRange(size - length, length);
    }

    /** {@code Content-Range} of the part. */
    String of(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
