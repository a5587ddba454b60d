/**
 * The words and the arithmetic of a container's networks.
 *
 * <p>Not here: who gets which subnet (the cloud's {@code subnet}), and interfaces themselves (the device's {@code network}).
 */
@NullMarked
package io.skerry.spec.network;

import org.jspecify.annotations.NullMarked;
