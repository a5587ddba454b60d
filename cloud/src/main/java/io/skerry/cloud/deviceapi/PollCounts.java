package io.skerry.cloud.deviceapi;

/** Hears of polls, to count them. Must be quick. */
public interface PollCounts {
    /** A poll begins to wait. */
    void waits();

    /** A poll that waited waits no more. */
    void waited();

    /** A poll was answered with 304. */
    void unchanged();

    /** A poll was answered with a document. */
    void changed();
}
