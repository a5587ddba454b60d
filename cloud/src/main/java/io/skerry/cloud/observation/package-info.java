/**
 * What devices say, and that they come and go, as events: told once, and of what goes to and fro only so often.
 *
 * <p>The event log itself lives in {@code event}.
 */
@NullMarked
package io.skerry.cloud.observation;

import org.jspecify.annotations.NullMarked;
