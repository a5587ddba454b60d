/**
 * From services, versions and instances to one signed document a device, and who waits for it.
 *
 * <p>How devices fetch it lives in {@code deviceapi}; who changes services and instances, in their packages.
 */
@NullMarked
package io.skerry.cloud.desired;

import org.jspecify.annotations.NullMarked;
