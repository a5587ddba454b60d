/**
 * The operators' command line: the program's main class, its wiring and what it says about itself.
 *
 * <p>Each group of commands lives in a package of its own; the words of other programs (up, cloud, device) are the launcher's.
 */
@NullMarked
package io.skerry.cli;

import org.jspecify.annotations.NullMarked;
