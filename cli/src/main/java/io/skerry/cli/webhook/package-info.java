/**
 * Events, and webhooks that are told of them: making, listing, changing, trying, what was delivered.
 *
 * <p>What happens, and how messages are delivered, is the cloud's business.
 */
@NullMarked
package io.skerry.cli.webhook;

import org.jspecify.annotations.NullMarked;
