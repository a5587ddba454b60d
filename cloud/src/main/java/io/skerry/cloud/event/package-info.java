/**
 * Events: the log of what happened to a customer's fleet, written with what it tells of, read by page.
 *
 * <p>Who notices what happened lives with the thing itself or in {@code observation}; who is told of it, in {@code webhook}.
 */
@NullMarked
package io.skerry.cloud.event;

import org.jspecify.annotations.NullMarked;
