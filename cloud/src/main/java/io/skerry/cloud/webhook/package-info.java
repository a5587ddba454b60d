/**
 * Webhooks: receivers that are told of events, by signed messages that are sent again until they are taken.
 *
 * <p>The events live in {@code event}, what may be called in {@code egress}.
 */
@NullMarked
package io.skerry.cloud.webhook;

import org.jspecify.annotations.NullMarked;
