/**
 * The commands about customers and API keys.
 *
 * <p>Logging in with a key lives in session.
 */
@NullMarked
package io.skerry.cli.customer;

import org.jspecify.annotations.NullMarked;
