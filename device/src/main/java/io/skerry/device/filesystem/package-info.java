/**
 * What the daemon asks of the machine's file systems: what is mounted, what room there is, and what an image's root holds.
 *
 * <p>Serves all features and decides nothing; what is kept on the file systems belongs to the packages that keep it.
 */
@NullMarked
package io.skerry.device.filesystem;

import org.jspecify.annotations.NullMarked;
