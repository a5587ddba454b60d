/**
 * Puts the built programs together: a folder with jars, options and a start script for each, a runtime and a start cache for
 * the device. Called by the build.
 *
 * <p>What the programs do has no place here.
 */
@NullMarked
package io.skerry.lab.dist;

import org.jspecify.annotations.NullMarked;
