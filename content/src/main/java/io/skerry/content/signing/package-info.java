/**
 * Signed envelopes, signing keys and whom a device believes.
 *
 * <p>Ed25519 and DSSE only; what the signed bytes mean is known elsewhere.
 */
@NullMarked
package io.skerry.content.signing;

import org.jspecify.annotations.NullMarked;
