/**
 * Copies of all that a control plane keeps: making, checking and restoring backups, and moving its database to another one.
 *
 * <p>How rows are read from and written to a database isn't known here ({@code storage}), nor what a new epoch is ({@code desired}).
 */
@NullMarked
package io.skerry.cloud.backup;

import org.jspecify.annotations.NullMarked;
