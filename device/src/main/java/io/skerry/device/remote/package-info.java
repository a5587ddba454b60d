/**
 * What operators want to read from this device now: logs, sent over WebSockets of their own.
 *
 * <p>Which streams are wanted is decided by the cloud and comes with the session half of the desired state; where the lines
 * come from is the containers' matter.
 */
@NullMarked
package io.skerry.device.remote;

import org.jspecify.annotations.NullMarked;
