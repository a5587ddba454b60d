/**
 * Calls that are done once however often they are sent: what is kept of them, and who may carry them out.
 *
 * <p>What a call is and how it travels isn't known here; that a change was made is noted by the audit log, in the change's
 * own transaction.
 */
@NullMarked
package io.skerry.cloud.idempotency;

import org.jspecify.annotations.NullMarked;
