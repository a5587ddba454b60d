/**
 * Containers by runc and conmon: bundle, overlay, limits, exit codes, logs, health, restarts, hooks.
 *
 * <p>Implements {@link io.skerry.device.revision.Containers} for images that are already on the device, with volumes
 * and networks that are there; fetches nothing, and knows nothing of revisions, of the cloud or of what is in a network.
 */
@NullMarked
package io.skerry.device.container;

import org.jspecify.annotations.NullMarked;
