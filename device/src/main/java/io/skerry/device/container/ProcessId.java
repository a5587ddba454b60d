package io.skerry.device.container;

import io.avaje.jsonb.Json;

/**
 * One process, told from a later one with the same number by when it started.
 *
 * @param pid its number; 0 for none
 * @param started clock ticks after the machine's start
 */
@Json
record ProcessId(long pid, long started) {
    static final ProcessId NONE = new ProcessId(0, 0);
}
