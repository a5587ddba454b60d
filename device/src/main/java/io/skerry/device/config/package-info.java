/**
 * What the daemon is told by files and options, and the data folder that it owns.
 *
 * <p>Read once at the start into records; no other package reads settings.
 */
@NullMarked
package io.skerry.device.config;

import org.jspecify.annotations.NullMarked;
