package io.skerry.spec;

import io.avaje.json.JsonReader;
import io.avaje.json.JsonWriter;
import io.avaje.json.PropertyNames;
import io.avaje.json.stream.BufferedJsonWriter;
import io.avaje.json.stream.BytesJsonWriter;
import io.avaje.json.stream.JsonOutput;
import io.avaje.json.stream.JsonStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Reads documents in which a text may be too long for the library's own reader by {@link LongTextReader}, all else as the library does. */
final class LongTexts implements JsonStream {
    /** No text in a shorter document can be too long. */
    private static final int SHORT = 32_768;

    private final JsonStream core;

    LongTexts(JsonStream core) {
        this.core = core;
    }

    @Override
    public JsonReader reader(byte[] json) {
        return json.length < SHORT ? core.reader(json) : new LongTextReader(core.reader(json));
    }

    @Override
    public JsonReader reader(String json) {
        return reader(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public JsonReader reader(Reader json) {
        throw new UnsupportedOperationException("what is read is bounded, and so at hand as a whole");
    }

    @Override
    public JsonReader reader(InputStream json) {
        throw new UnsupportedOperationException("what is read is bounded, and so at hand as a whole");
    }

    @Override
    public JsonWriter writer(Writer to) {
        return core.writer(to);
    }

    @Override
    public JsonWriter writer(OutputStream to) {
        return core.writer(to);
    }

    @Override
    public JsonWriter writer(JsonOutput to) {
        return core.writer(to);
    }

    @Override
    public BufferedJsonWriter bufferedWriter() {
        return core.bufferedWriter();
    }

    @Override
    public BytesJsonWriter bufferedWriterAsBytes() {
        return core.bufferedWriterAsBytes();
    }

    @Override
    public PropertyNames properties(String... names) {
        return core.properties(names);
    }
}
