/**
 * The one document that says everything that is asked of a device, and the envelope in which it travels signed.
 *
 * <p>The workload half is a revision when it changes; the session half is applied at once. How a device carries it out
 * is not told here.
 */
@NullMarked
package io.skerry.spec.desired;

import org.jspecify.annotations.NullMarked;
