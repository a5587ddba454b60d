/**
 * Which instance has which part of its customer's addresses: the arithmetic of slices, and the rows that keep them apart.
 *
 * <p>Not here: what an import may say about networks ({@code service}), and how a device carries it out.
 */
@NullMarked
package io.skerry.cloud.subnet;

import org.jspecify.annotations.NullMarked;
