/**
 * The watch over the daemon itself: signs of life of its loops, and the beats to systemd and to a hardware watchdog that are
 * sent only while all of them show some.
 *
 * <p>It knows nothing of what the loops do; what brings the daemon back stands outside of it (systemd, the hardware).
 */
@NullMarked
package io.skerry.device.watch;

import org.jspecify.annotations.NullMarked;
