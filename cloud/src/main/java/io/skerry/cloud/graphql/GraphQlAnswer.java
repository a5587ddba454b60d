package io.skerry.cloud.graphql;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call is answered with.
 *
 * @param begun whether the call was carried out, be it with errors; false when it couldn't be
 * @param body the GraphQL answer
 */
record GraphQlAnswer(boolean begun, Map<String, @Nullable Object> body) {}
