/**
 * The one document by which a device answers: what it can do, what it runs, and why not more.
 *
 * <p>Unknown fields are passed over by readers, so that a newer device can talk to an older cloud.
 */
@NullMarked
package io.skerry.spec.status;

import org.jspecify.annotations.NullMarked;
