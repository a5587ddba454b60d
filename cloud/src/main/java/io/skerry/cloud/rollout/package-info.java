/**
 * Roll-outs: a service's new version goes to its devices in phases, and no further when it fails.
 *
 * <p>What is decided, and kept; what a device is told follows in {@code desired}, how it stands is said by {@code instance}.
 */
@NullMarked
package io.skerry.cloud.rollout;

import org.jspecify.annotations.NullMarked;
