package io.skerry.cloud.event;

import org.jdbi.v3.core.Handle;

/** Told of each event within the work that writes it. */
@FunctionalInterface
public interface Subscribers {
    void appended(Handle h, Event event);
}
