/**
 * The device daemon: its program, and the one place where its features are put together.
 *
 * <p>The features themselves stand in the packages below and don't know each other.
 */
@NullMarked
package io.skerry.device;

import org.jspecify.annotations.NullMarked;
