package io.skerry.content.unpack;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Extended attributes in PAX headers ({@code SCHILY.xattr.<name>}), read from the raw records: their values are bytes, which
 * the tar reader would take for text and spoil.
 */
final class ExtendedAttributes {
    private static final int RECORD = 512;
    private static final String PREFIX = "SCHILY.xattr.";

    private ExtendedAttributes() {}

    /** The attributes that a layer may set: capabilities and users' own. Never overlayfs's, by which it could hide things. */
    static Map<String, byte[]> in(byte[] headerRecords) {
        Map<String, byte[]> attributes = new LinkedHashMap<>();
        int at = 0;
        while (at + RECORD <= headerRecords.length) {
            int size = size(headerRecords, at);
            if (headerRecords[at + 156] == 'x') {
                int end = Math.min(headerRecords.length, at + RECORD + size);
                read(headerRecords, at + RECORD, end, attributes);
            }
            at += RECORD + (size + RECORD - 1) / RECORD * RECORD;
        }
        return attributes;
    }

    /** Each record is {@code <its length> <name>=<value>\n}; the tar reader has refused malformed ones before. */
    private static void read(byte[] bytes, int from, int end, Map<String, byte[]> attributes) {
        int at = from;
        while (at < end) {
            int space = at;
            int length = 0;
            while (space < end
                    && bytes[space] >= '0'
                    && bytes[space] <= '9'
                    && length < ArchiveMeter.MOST_HEADER_BYTES) {
                length = length * 10 + bytes[space++] - '0';
            }
            if (space >= end || bytes[space] != ' ' || length <= space - at + 1 || at + length > end) {
                return;
            }
            int equals = space;
            while (equals < at + length && bytes[equals] != '=') {
                equals++;
            }
            if (equals < at + length) {
                String name = new String(bytes, space + 1, equals - space - 1, StandardCharsets.UTF_8);
                if (isAllowed(name)) {
                    attributes.put(
                            name.substring(PREFIX.length()), Arrays.copyOfRange(bytes, equals + 1, at + length - 1));
                }
            }
            at += length;
        }
    }

    private static boolean isAllowed(String name) {
        return name.equals(PREFIX + "security.capability") || name.startsWith(PREFIX + "user.");
    }

    /** The octal size of a header; extension headers are never so large that they need another form. */
    private static int size(byte[] bytes, int at) {
        int size = 0;
        for (int i = at + 124; i < at + 136; i++) {
            if (bytes[i] >= '0' && bytes[i] <= '7' && size <= ArchiveMeter.MOST_HEADER_BYTES) {
                size = size * 8 + bytes[i] - '0';
            }
        }
        return size;
    }
}
