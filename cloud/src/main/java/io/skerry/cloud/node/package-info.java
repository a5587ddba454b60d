/**
 * Devices: claim tokens, enrolment, certificates' keys, presence, newest status; and how it is told, a few or a large fleet of them, that
 * what they are to run has changed.
 *
 * <p>How devices talk to the cloud lives in {@code deviceapi}; what they are to run, in {@code desired}.
 */
@NullMarked
package io.skerry.cloud.node;

import org.jspecify.annotations.NullMarked;
