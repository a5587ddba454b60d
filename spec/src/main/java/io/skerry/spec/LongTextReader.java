package io.skerry.spec;

import io.avaje.json.JsonDataException;
import io.avaje.json.JsonReader;
import io.avaje.json.PropertyNames;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Reads texts from the document as it stands there (RFC 8259, section 7), since the library's reader has a buffer of fixed size for them. */
final class LongTextReader implements JsonReader {
    private static final int HEX_DIGITS = 4;

    private final JsonReader core;

    LongTextReader(JsonReader core) {
        this.core = core;
    }

    @Override
    public String readString() {
        // What is between it and the next token is with it.
        String raw = core.readRaw();
        int end = raw.lastIndexOf('"');
        if (end < 1 || raw.charAt(0) != '"' || !isSpace(raw, end + 1)) {
            throw new JsonDataException("Expecting '\"' for string start " + core.location());
        }
        return unescaped(raw, 1, end);
    }

    private static boolean isSpace(String text, int from) {
        return text.substring(from).chars().allMatch(c -> c == ' ' || c == '\t' || c == '\n' || c == '\r');
    }

    private String unescaped(String text, int begin, int end) {
        int escape = text.indexOf('\\');
        if (escape < 0) {
            return text.substring(begin, end);
        }
        var plain = new StringBuilder(end - begin);
        int from = begin;
        while (escape >= 0) {
            plain.append(text, from, escape);
            from = escape + 2;
            switch (text.charAt(escape + 1)) {
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                case 't' -> plain.append('\t');
                case 'u' -> {
                    plain.append(unit(text, from));
                    from += HEX_DIGITS;
                }
                case '"', '\\', '/' -> plain.append(text.charAt(escape + 1));
                default -> throw new JsonDataException("Invalid escape combination detected " + core.location());
            }
            escape = text.indexOf('\\', from);
        }
        return plain.append(text, from, end).toString();
    }

    private char unit(String text, int from) {
        int unit = 0;
        for (int i = from; i < from + HEX_DIGITS; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0 || text.charAt(i) > 'f') {
                throw new JsonDataException(
                        "Could not parse unicode escape, expected a hexadecimal digit " + core.location());
            }
            unit = unit << 4 | digit;
        }
        return (char) unit;
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return core.unwrap(type);
    }

    @Override
    public void beginStream() {
        core.beginStream();
    }

    @Override
    public void endStream() {
        core.endStream();
    }

    @Override
    public boolean hasNextStreamElement() {
        return core.hasNextStreamElement();
    }

    @Override
    public void beginArray() {
        core.beginArray();
    }

    @Override
    public void endArray() {
        core.endArray();
    }

    @Override
    public boolean hasNextElement() {
        return core.hasNextElement();
    }

    @Override
    public void beginObject(PropertyNames names) {
        core.beginObject(names);
    }

    @Override
    public void beginObject() {
        core.beginObject();
    }

    @Override
    public void endObject() {
        core.endObject();
    }

    @Override
    public boolean hasNextField() {
        return core.hasNextField();
    }

    @Override
    public String nextField() {
        return core.nextField();
    }

    @Override
    public boolean isNullValue() {
        return core.isNullValue();
    }

    @Override
    public boolean readBoolean() {
        return core.readBoolean();
    }

    @Override
    public int readInt() {
        return core.readInt();
    }

    @Override
    public long readLong() {
        return core.readLong();
    }

    @Override
    public double readDouble() {
        return core.readDouble();
    }

    @Override
    public BigDecimal readDecimal() {
        return core.readDecimal();
    }

    @Override
    public BigInteger readBigInteger() {
        return core.readBigInteger();
    }

    @Override
    public byte[] readBinary() {
        return core.readBinary();
    }

    @Override
    public String readRaw() {
        return core.readRaw();
    }

    @Override
    public String location() {
        return core.location();
    }

    @Override
    public Token currentToken() {
        return core.currentToken();
    }

    @Override
    public void close() {
        core.close();
    }

    @Override
    public void skipValue() {
        core.skipValue();
    }

    @Override
    public void unmappedField(String fieldName) {
        core.unmappedField(fieldName);
    }
}
