package io.skerry.cloud.storage;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import io.skerry.spec.Required;
import java.nio.file.Path;

/**
 * That something was begun on a data folder which isn't done: no control plane may be started on it.
 *
 * @param what a verb of {@code skerry cloud}: {@code restore} or {@code migrate}
 * @param database where the database is, without any secret; empty: in the folder
 */
@Json
public record Unfinished(String what, String database) {
    public Unfinished {
        Required.field(what, "what");
        Required.field(database, "database");
    }

    Problem problem(Path root) {
        return new Problem(
                "data.unfinished",
                "'skerry cloud " + what + "' on the data folder " + root + " was cut off before it was done.",
                "Run the same command again: it begins anew or finishes what is left.");
    }
}
