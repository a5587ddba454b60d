package io.skerry.cloud.registry;

import io.skerry.cloud.tenancy.Caller;

/** Who reads from the registry. */
public sealed interface Reader {
    /** Someone with an API key: reads all images of the customers that the key may see. */
    record Operator(Caller caller) implements Reader {}

    /** A device: reads only what its present and its previous workload reach. */
    record Device(String nodeId) implements Reader {}
}
