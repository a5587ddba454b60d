/**
 * A whole Skerry on one machine: a control plane, virtual devices, a registry to import from and a sample image.
 *
 * <p>Used by the demo ({@code skerry up}), by the system tests and by the benchmarks; the words of its command line live in
 * {@code command}, what it asks of the host in {@code host}, how the programs are put together in {@code dist}.
 */
@NullMarked
package io.skerry.lab;

import org.jspecify.annotations.NullMarked;
