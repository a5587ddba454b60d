/**
 * Layers as overlayfs wants them: a hostile archive in, a folder out.
 *
 * <p>Only one layer at a time; which layers make an image and where they stand is the callers' matter.
 */
@NullMarked
package io.skerry.content.unpack;

import org.jspecify.annotations.NullMarked;
