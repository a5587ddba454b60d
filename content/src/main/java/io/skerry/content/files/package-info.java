/**
 * Files that are whole after a power failure: written aside, synced, renamed; and those that are kept twice.
 *
 * <p>Knows paths and bytes only.
 */
@NullMarked
package io.skerry.content.files;

import org.jspecify.annotations.NullMarked;
