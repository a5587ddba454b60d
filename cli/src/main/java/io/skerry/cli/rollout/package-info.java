/**
 * Watching how far a service's newest version has come.
 *
 * <p>Starts nothing: a version comes by an import, a choice of version by a pin.
 */
@NullMarked
package io.skerry.cli.rollout;

import org.jspecify.annotations.NullMarked;
