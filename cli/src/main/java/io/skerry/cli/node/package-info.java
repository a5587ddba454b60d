/**
 * The commands about devices and their claim tokens.
 *
 * <p>What runs on a device is changed by the commands in instance.
 */
@NullMarked
package io.skerry.cli.node;

import org.jspecify.annotations.NullMarked;
