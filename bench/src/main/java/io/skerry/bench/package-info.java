/**
 * Benchmarks: what Skerry costs, measured on the machine where it runs, each figure beside its limit and its peer.
 *
 * <p>Nothing is asserted here; what must be true is tested in the modules and in {@code system-tests}.
 */
@NullMarked
package io.skerry.bench;

import org.jspecify.annotations.NullMarked;
