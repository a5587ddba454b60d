/**
 * Several processes on one database: who is alive, what each tells the others, and work that only one of them may do.
 *
 * <p>What a change means to whom isn't known here; the program's wiring gives it to those who keep something in memory.
 */
@NullMarked
package io.skerry.cloud.replica;

import org.jspecify.annotations.NullMarked;
