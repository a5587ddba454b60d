package io.skerry.content.tls;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The few forms of ASN.1 DER (X.690) that a certificate request needs; each call gives one whole element. */
final class DerWriter {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int UTF8_STRING = 0x0c;
    private static final int BIT_STRING = 0x03;
    private static final int INTEGER = 0x02;
    private static final int OBJECT_IDENTIFIER = 0x06;

    private DerWriter() {}

    static byte[] sequence(byte[]... elements) {
        return element(SEQUENCE, joined(elements));
    }

    static byte[] set(byte[]... elements) {
        return element(SET, joined(elements));
    }

    static byte[] integer(long value) {
        return element(INTEGER, BigInteger.valueOf(value).toByteArray());
    }

    static byte[] utf8(String text) {
        return element(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A bit string of whole bytes. */
    static byte[] bits(byte[] bytes) {
        return element(BIT_STRING, joined(new byte[] {0}, bytes));
    }

    /** An object identifier whose encoded form is given. */
    static byte[] identifier(int... encoded) {
        byte[] bytes = new byte[encoded.length];
        for (int i = 0; i < encoded.length; i++) {
            bytes[i] = (byte) encoded[i];
        }
        return element(OBJECT_IDENTIFIER, bytes);
    }

    /** An empty element with a context-specific tag, constructed. */
    static byte[] emptyContext(int number) {
        return element(0xa0 | number, new byte[0]);
    }

    private static byte[] element(int tag, byte[] content) {
        return joined(new byte[] {(byte) tag}, length(content.length), content);
    }

    private static byte[] length(int length) {
        if (length < 0x80) {
            return new byte[] {(byte) length};
        }
        if (length < 0x100) {
            return new byte[] {(byte) 0x81, (byte) length};
        }
        return new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length};
    }

    private static byte[] joined(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(p -> p.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
