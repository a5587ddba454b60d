package io.skerry.device.remote;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Where a container's log is read. */
@FunctionalInterface
public interface LogSource {
    /**
     * Gives a container's log line by line, on the calling thread; returns when it is cancelled, or at the log's end unless
     * it is to be followed.
     *
     * @param tailLines how many of the last lines there are to begin with
     * @param follow whether to go on with what comes later
     * @param sink may block, and may throw to end it
     * @param cancelled asked several times a second
     */
    void follow(String container, int tailLines, boolean follow, Consumer<String> sink, BooleanSupplier cancelled);
}
