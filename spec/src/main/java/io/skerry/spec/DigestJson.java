package io.skerry.spec;

import io.avaje.json.JsonAdapter;
import io.avaje.json.JsonReader;
import io.avaje.json.JsonWriter;
import io.avaje.jsonb.CustomAdapter;
import io.avaje.jsonb.Jsonb;

/** A digest is a plain string in JSON. */
@CustomAdapter
public final class DigestJson implements JsonAdapter<Digest> {
    /** As the generated code calls it. */
    @SuppressWarnings("UnusedVariable")
    public DigestJson(Jsonb ignored) {}

    @Override
    public void toJson(JsonWriter writer, Digest value) {
        writer.value(value.value());
    }

    @Override
    public Digest fromJson(JsonReader reader) {
        return new Digest(reader.readString());
    }
}
