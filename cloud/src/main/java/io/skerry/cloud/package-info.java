/**
 * The control plane's program: its settings, its wiring, its first start.
 *
 * <p>What it does lives in the packages below; nothing below knows this one.
 */
@NullMarked
package io.skerry.cloud;

import org.jspecify.annotations.NullMarked;
