/**
 * As whom the device shows itself and whom it takes for its cloud: key, certificate, enrolment, renewal, and the time by which
 * certificates are judged.
 *
 * <p>What is said over the connections that this makes possible stands in {@code link}.
 */
@NullMarked
package io.skerry.device.identity;

import org.jspecify.annotations.NullMarked;
