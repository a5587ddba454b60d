/**
 * The host machine under the lab: its tools, processes, mounts, control groups, networks and ports.
 *
 * <p>Knows nothing of clouds and devices; what a lab makes out of these parts lives in {@code io.skerry.lab}.
 */
@NullMarked
package io.skerry.lab.host;

import org.jspecify.annotations.NullMarked;
