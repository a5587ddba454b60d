/**
 * What devices call: enrolment, certificates, the waiting poll, status.
 *
 * <p>What a device is told is made in {@code desired}; streams' bytes pass through {@code remote}.
 */
@NullMarked
package io.skerry.cloud.deviceapi;

import org.jspecify.annotations.NullMarked;
