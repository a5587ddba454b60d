/**
 * Virtual machines that can lose power: a guest with its own kernel on a disk that drops what was not flushed.
 *
 * <p>It knows nothing of Skerry but where its programs stand ({@code MachineDevice}); what is asked of the host lives in
 * {@code lab.host}.
 */
@NullMarked
package io.skerry.lab.vm;

import org.jspecify.annotations.NullMarked;
