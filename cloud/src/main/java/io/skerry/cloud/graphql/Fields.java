package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import org.dataloader.DataLoaderRegistry;

/** The fields of one feature. */
interface Fields {
    /** Says how the feature's fields are fetched. */
    void wire(RuntimeWiring.Builder wiring);

    /** Adds what one request of the feature loads in batches. */
    default void loaders(DataLoaderRegistry.Builder registry) {}
}
