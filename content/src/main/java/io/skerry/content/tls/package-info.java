/**
 * Certificates, keys and certificate requests as files and as TLS contexts.
 *
 * <p>Nothing is issued here and no connection is made.
 */
@NullMarked
package io.skerry.content.tls;

import org.jspecify.annotations.NullMarked;
