/**
 * The client side of the OCI distribution protocol: manifests and blobs out of any registry, with its ways of logging in.
 *
 * <p>Goes over whatever transport it is given; decides neither what to fetch nor where it is kept.
 */
@NullMarked
package io.skerry.content.registry;

import org.jspecify.annotations.NullMarked;
