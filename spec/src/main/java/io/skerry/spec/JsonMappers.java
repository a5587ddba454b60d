package io.skerry.spec;

import io.avaje.json.stream.JsonStream;
import io.avaje.jsonb.Jsonb;
import java.util.function.UnaryOperator;

/**
 * Where all JSON mappers come from. They read texts of any length, as values in an object or a list; the library by itself refuses a text of
 * more than 32,767 characters, as it does a field's name. They read documents that are at hand as a whole, and no streams.
 */
public final class JsonMappers {
    private JsonMappers() {}

    /** One that passes over unknown fields and leaves out nulls. */
    public static Jsonb.Builder mapper() {
        return mapper(UnaryOperator.identity());
    }

    /** @param how what is read and written otherwise; said here, for the mapper's own builder doesn't reach its reader and writer */
    public static Jsonb.Builder mapper(UnaryOperator<JsonStream.Builder> how) {
        return Jsonb.builder()
                .adapter(new LongTexts(
                        how.apply(JsonStream.builder().serializeEmpty(true)).build()));
    }
}
