/**
 * What the configuration files of instances say, sealed under a key that isn't in the database.
 *
 * <p>Not here: who may change them ({@code instance}), and how they come to devices ({@code desired}).
 */
@NullMarked
package io.skerry.cloud.config;

import org.jspecify.annotations.NullMarked;
