/**
 * The operators' GraphQL API: schema wiring, limits, errors, and its HTTP door.
 *
 * <p>Only translates: the rules live in the features' packages, which know nothing of GraphQL.
 */
@NullMarked
package io.skerry.cloud.graphql;

import org.jspecify.annotations.NullMarked;
