/**
 * Content by digest: where blobs lie and how they get there whole.
 *
 * <p>Knows no network and no format; images, registries, layers and signatures have packages of their own.
 */
@NullMarked
package io.skerry.content;

import org.jspecify.annotations.NullMarked;
