package io.skerry.cloud;

import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.content.files.DurableFiles;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a new installation begins with: a customer and a key. A start that was cut off is made up for by the next one. */
final class FirstStart {
    private static final Caller SELF = Caller.everything(Actor.CONTROL_PLANE);

    private final Customers customers;
    private final ApiKeys keys;

    FirstStart(Customers customers, ApiKeys keys) {
        this.customers = customers;
        this.keys = keys;
    }

    /** With the first key printed to the stream, once. */
    void printing(PrintStream out) {
        customer();
        keys.createFirst("first", key -> {
            out.println("The first API key, shown this once: " + key.secret());
            out.flush();
        });
    }

    /** With the first key in a file that only its owner may read. */
    void writing(Path file) {
        customer();
        keys.createFirst(
                "first",
                key -> DurableFiles.write(file, (key.secret() + "\n").getBytes(StandardCharsets.US_ASCII), 0600));
    }

    private void customer() {
        if (customers.visibleTo(SELF, 1, "").items().isEmpty()) {
            customers.create("default", Actor.CONTROL_PLANE);
        }
    }
}
