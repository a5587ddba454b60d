/**
 * The command line of the lab: {@code skerry up}, {@code down} and {@code lab}.
 *
 * <p>Reads options and prints; what is done stands in {@code io.skerry.lab}.
 */
@NullMarked
package io.skerry.lab.command;

import org.jspecify.annotations.NullMarked;
