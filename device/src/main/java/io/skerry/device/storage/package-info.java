/**
 * What containers keep: their volumes, and how these were before an update.
 *
 * <p>Implements {@link io.skerry.device.revision.Volumes}; knows folders and file systems, nothing of runtimes or of why a
 * revision goes back.
 */
@NullMarked
package io.skerry.device.storage;

import org.jspecify.annotations.NullMarked;
