/**
 * How long to wait before something is tried again.
 *
 * <p>Pure arithmetic; who waits and for what stands elsewhere.
 */
@NullMarked
package io.skerry.device.retry;

import org.jspecify.annotations.NullMarked;
