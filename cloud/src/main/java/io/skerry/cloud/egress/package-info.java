/**
 * Calls out of the cloud: which addresses may be called, and the HTTP transport that keeps to it.
 *
 * <p>What is asked over it (registries, token realms) lives in {@code io.skerry.content.registry}.
 */
@NullMarked
package io.skerry.cloud.egress;

import org.jspecify.annotations.NullMarked;
