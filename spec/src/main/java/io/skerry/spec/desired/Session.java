package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.List;

/**
 * What is applied at once, is never rolled back and never a reason to stop, retry or undo a workload.
 *
 * @param streams what operators want to read now
 * @param retryToken changed by an operator who wants a workload tried again that failed before; empty at first
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Session(List<Stream> streams, String retryToken) {
    public static final Session EMPTY = new Session(List.of(), "");

    public Session {
        Required.field(streams, "streams");
        Required.field(retryToken, "retry_token");
        streams = List.copyOf(streams);
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
