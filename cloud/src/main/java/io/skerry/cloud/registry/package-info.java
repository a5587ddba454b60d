/**
 * Serves the stored images by the OCI distribution protocol, read only, to operators and to devices.
 *
 * <p>How images come in lives in {@code service}; who a device is, in {@code node} and {@code web}.
 */
@NullMarked
package io.skerry.cloud.registry;

import org.jspecify.annotations.NullMarked;
