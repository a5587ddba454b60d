package io.skerry.cli.output;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Problem;
import io.skerry.spec.Wire;

/** A problem as scripts read it from the error output. */
@Json
record ErrorDocument(Problem error) {
    static final JsonType<ErrorDocument> JSON = Wire.lenient(ErrorDocument.class);
}
