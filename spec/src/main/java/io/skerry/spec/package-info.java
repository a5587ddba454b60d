/**
 * The words that device, cloud and command line all speak: digests, architectures, names, problems, JSON.
 *
 * <p>Records and pure functions only: no input or output, no framework, nothing that knows which program it runs in.
 */
@NullMarked
package io.skerry.spec;

import org.jspecify.annotations.NullMarked;
