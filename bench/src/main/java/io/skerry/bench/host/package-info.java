/**
 * What the kernel tells of this machine and its processes.
 *
 * <p>Knows nothing of Skerry.
 */
@NullMarked
package io.skerry.bench.host;

import org.jspecify.annotations.NullMarked;
