/**
 * Operators' streams from a device: from the request to the last byte.
 *
 * <p>What the device sends is its own business; who may ask is told by {@code tenancy}.
 */
@NullMarked
package io.skerry.cloud.remote;

import org.jspecify.annotations.NullMarked;
