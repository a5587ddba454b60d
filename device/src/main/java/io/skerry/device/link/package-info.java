/**
 * The device's talk with its cloud: waiting for the desired state, verifying it, reporting the status, counting bytes.
 *
 * <p>What a desired state then leads to stands in {@code revision} and {@code remote}; as whom the device speaks, in
 * {@code identity}.
 */
@NullMarked
package io.skerry.device.link;

import org.jspecify.annotations.NullMarked;
