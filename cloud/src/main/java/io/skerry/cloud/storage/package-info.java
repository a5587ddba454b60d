/**
 * The data folder and the embedded database in it: opening, migrating, writing and reading.
 *
 * <p>What is written and read is the features' own business; no SQL of theirs lives here.
 */
@NullMarked
package io.skerry.cloud.storage;

import org.jspecify.annotations.NullMarked;
