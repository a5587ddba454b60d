/**
 * The client of the cloud's public API: GraphQL operations, their records, log streams, trust.
 *
 * <p>Knows no command and prints nothing.
 */
@NullMarked
package io.skerry.cli.api;

import org.jspecify.annotations.NullMarked;
