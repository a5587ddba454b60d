/**
 * The customers' keys by which devices know that a desired state is from their owner.
 *
 * <p>The envelope's form and its checks live in {@code content}; what is signed is decided in {@code desired}.
 */
@NullMarked
package io.skerry.cloud.signing;

import org.jspecify.annotations.NullMarked;
