package io.skerry.cloud.storage;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;

/**
 * That a folder's embedded database isn't the one in use any more.
 *
 * @param to where its rows are now, without any secret
 * @param at since when, in milliseconds since 1970
 */
@Json
public record Moved(String to, long at) {
    public Moved {
        Required.field(to, "to");
    }
}
