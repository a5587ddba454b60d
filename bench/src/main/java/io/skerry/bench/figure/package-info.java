/**
 * Figures as records and the document that shows them; pure.
 *
 * <p>How a figure comes about has no place here.
 */
@NullMarked
package io.skerry.bench.figure;

import org.jspecify.annotations.NullMarked;
