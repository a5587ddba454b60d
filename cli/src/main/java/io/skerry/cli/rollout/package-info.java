/**
 * How a service's newest version comes to its devices: watching it, and saying how it goes out in phases.
 *
 * <p>A version itself comes by an import, a choice of version by a pin.
 */
@NullMarked
package io.skerry.cli.rollout;

import org.jspecify.annotations.NullMarked;
