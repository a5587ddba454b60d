package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import io.skerry.spec.window.Schedule;
import java.util.List;
import java.util.Optional;

/**
 * What is applied at once, is never rolled back and never a reason to stop, retry or undo a workload.
 *
 * @param streams what operators want to read now
 * @param retryToken changed by an operator who wants what failed before tried again, container or workload; empty at first
 * @param schedule when the device may change what it runs; at any time, when nothing is said
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Session(List<Stream> streams, String retryToken, Optional<Schedule> schedule) {
    public static final Session EMPTY = new Session(List.of(), "", Optional.empty());

    public Session {
        Required.field(streams, "streams");
        Required.field(retryToken, "retry_token");
        Required.field(schedule, "schedule");
        streams = List.copyOf(streams);
    }

    /** The same with other streams. */
    public Session withStreams(List<Stream> others) {
        return new Session(others, retryToken, schedule);
    }

    /** The same with another retry token. */
    public Session withRetryToken(String other) {
        return new Session(streams, other, schedule);
    }

    /** The same with another schedule. */
    public Session withSchedule(Optional<Schedule> other) {
        return new Session(streams, retryToken, other);
    }

    /**
     * Bytes that the device is to send over a WebSocket of its own, {@code /device/v1/streams/<id>}, until either side
     * closes it.
     *
     * @param id made by the cloud, hard to guess
     * @param kind what to send
     * @param container whose
     * @param follow whether to go on with what comes later
     * @param tailLines how many of the last lines there are to begin with
     */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Stream(String id, Kind kind, String container, boolean follow, int tailLines) {
        public Stream {
            Required.field(id, "id");
            Required.field(kind, "kind");
            Required.field(container, "container");
        }
    }

    /** What a stream carries. */
    public enum Kind {
        LOG("log");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }
    }
}
