/**
 * The commands about which service runs on which device, and its log.
 *
 * <p>How a new version spreads is shown by rollout.
 */
@NullMarked
package io.skerry.cli.instance;

import org.jspecify.annotations.NullMarked;
