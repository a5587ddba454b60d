package io.skerry.device.link;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;

/** The one thing that every version of the desired state has at the same place: its version. */
@Json
public record DocumentVersion(Head head) {
    static final JsonType<DocumentVersion> JSON = Wire.lenient(DocumentVersion.class);

    public DocumentVersion {
        Required.field(head, "head");
    }

    /** Part of the document's head. */
    @Json
    public record Head(int version) {}
}
