/**
 * Trials of whole devices that go on for as long as one likes: what the system tests do a few times and the benchmarks often.
 *
 * <p>A trial draws everything from a seed, tells what it saw, and judges; what is emulated lives in {@code vm}.
 */
@NullMarked
package io.skerry.lab.reliability;

import org.jspecify.annotations.NullMarked;
