/**
 * Containers' network namespaces and what they find in them.
 *
 * <p>Implements {@link io.skerry.device.revision.Networks}; today that is loopback. What connects containers with each other and
 * with the device's networks belongs here too. Knows nothing of runtimes and revisions.
 */
@NullMarked
package io.skerry.device.network;

import org.jspecify.annotations.NullMarked;
