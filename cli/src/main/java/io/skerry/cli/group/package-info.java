/**
 * Groups of devices: listing, making, renaming, moving, removing.
 *
 * <p>Which devices are in them is the node commands' business.
 */
@NullMarked
package io.skerry.cli.group;

import org.jspecify.annotations.NullMarked;
