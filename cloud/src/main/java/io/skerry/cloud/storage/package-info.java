/**
 * The data folder and the database, embedded in it or on a PostgreSQL server: opening, migrating, writing and reading.
 *
 * <p>What is written and read is the features' own business; no SQL of theirs lives here.
 */
@NullMarked
package io.skerry.cloud.storage;

import org.jspecify.annotations.NullMarked;
