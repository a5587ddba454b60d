/**
 * Devices: claim tokens, enrolment, certificates' keys, presence, newest status.
 *
 * <p>How devices talk to the cloud lives in {@code deviceapi}; what they are to run, in {@code desired}.
 */
@NullMarked
package io.skerry.cloud.node;

import org.jspecify.annotations.NullMarked;
