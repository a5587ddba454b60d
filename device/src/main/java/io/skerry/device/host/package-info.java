/**
 * How the daemon runs the host's own tools.
 *
 * <p>One class starts processes, always by an argument list; what the tools are used for belongs to the packages that use them.
 */
@NullMarked
package io.skerry.device.host;

import org.jspecify.annotations.NullMarked;
