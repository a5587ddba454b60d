/**
 * The commands about node services and the import of their versions.
 *
 * <p>Where a service runs is the business of instance and rollout.
 */
@NullMarked
package io.skerry.cli.service;

import org.jspecify.annotations.NullMarked;
