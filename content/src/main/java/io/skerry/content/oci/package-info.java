/**
 * The words of the OCI image specification and of Docker's image manifests: references, manifests, indexes, configurations.
 *
 * <p>Parsed into records and checked; nothing is fetched or stored here.
 */
@NullMarked
package io.skerry.content.oci;

import org.jspecify.annotations.NullMarked;
