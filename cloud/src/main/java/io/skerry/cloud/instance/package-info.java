/**
 * Which service runs on which device, which version it follows, and how it is there.
 *
 * <p>Not here: what a device is told to run (package {@code desired}), and what it says of itself ({@code node}).
 */
@NullMarked
package io.skerry.cloud.instance;

import org.jspecify.annotations.NullMarked;
