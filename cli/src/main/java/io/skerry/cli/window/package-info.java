/**
 * When devices may be updated: listing, setting, taking away and passing update windows.
 *
 * <p>What follows for one device is the node commands' business.
 */
@NullMarked
package io.skerry.cli.window;

import org.jspecify.annotations.NullMarked;
