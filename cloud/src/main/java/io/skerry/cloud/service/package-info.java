/**
 * Node services: their versions, settings and imports.
 *
 * <p>Where a service runs lives in {@code instance}; what a device is told, in {@code desired}.
 */
@NullMarked
package io.skerry.cloud.service;

import org.jspecify.annotations.NullMarked;
