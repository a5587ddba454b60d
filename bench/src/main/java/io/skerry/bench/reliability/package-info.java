/**
 * Hard power cuts in great number: {@code skerry bench reliability}.
 *
 * <p>It writes down what each came to and tells it together; making the cuts is the lab's.
 */
@NullMarked
package io.skerry.bench.reliability;

import org.jspecify.annotations.NullMarked;
