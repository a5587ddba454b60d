/**
 * Containers by runc and conmon: bundle, overlay, limits, exit codes, logs, health, restarts.
 *
 * <p>Implements {@link io.skerry.device.revision.Containers} for images that are already on the device; fetches nothing, and
 * knows nothing of revisions, of the cloud or of networks between containers.
 */
@NullMarked
package io.skerry.device.container;

import org.jspecify.annotations.NullMarked;
