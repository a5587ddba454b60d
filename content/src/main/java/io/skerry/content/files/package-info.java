/**
 * Files that are whole after a power failure: written aside, synced, renamed.
 *
 * <p>Knows paths and bytes only.
 */
@NullMarked
package io.skerry.content.files;

import org.jspecify.annotations.NullMarked;
