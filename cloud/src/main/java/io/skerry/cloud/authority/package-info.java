/**
 * The installation's certificate authority: its key, the servers' and the devices' certificates, signing requests.
 *
 * <p>Which certificate may do what is judged where it is shown, in {@code deviceapi}; TLS itself is set up in {@code web}.
 */
@NullMarked
package io.skerry.cloud.authority;

import org.jspecify.annotations.NullMarked;
