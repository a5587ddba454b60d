/**
 * The whole system against real peers: a real registry, real devices, skopeo, and the command line as a user has it.
 *
 * <p>Each class has a fleet of its own and each test its own services; what one module can show alone is tested there.
 */
@NullMarked
package io.skerry.system;

import org.jspecify.annotations.NullMarked;
