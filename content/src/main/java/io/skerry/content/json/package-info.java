/**
 * JSON from outside as a bounded tree, for formats whose fields are not ours to name.
 *
 * <p>Skerry's own documents are records in spec; they are read there.
 */
@NullMarked
package io.skerry.content.json;

import org.jspecify.annotations.NullMarked;
