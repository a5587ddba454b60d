/**
 * The images that the device holds: fetched, verified, unpacked, and removed when nothing needs them.
 *
 * <p>Implements what {@code revision} asks for; which image is wanted is decided there.
 */
@NullMarked
package io.skerry.device.image;

import org.jspecify.annotations.NullMarked;
