package io.skerry.spec.status;

import io.avaje.jsonb.Json;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;
import io.skerry.spec.desired.ServiceVersion;
import java.util.Optional;

/**
 * How one container is.
 *
 * @param name the node service instance's id
 * @param service which version of which service runs or is about to run
 * @param manifest the image that runs or is about to run
 * @param state whether it runs
 * @param health whether it works
 * @param startedAt when it was started last, milliseconds since 1970 by the device's clock; 0 if never
 * @param restarts how often it was started again since its revision began
 * @param lastExit how it ended the last time
 * @param healthMessage what the last failed check said, at most 400 characters; empty if none failed
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record ContainerStatus(
        String name,
        ServiceVersion service,
        Digest manifest,
        State state,
        Health health,
        long startedAt,
        int restarts,
        Optional<Exit> lastExit,
        String healthMessage) {
    public ContainerStatus {
        Required.field(name, "name");
        Required.field(service, "service");
        Required.field(manifest, "manifest");
        Required.field(state, "state");
        Required.field(health, "health");
        Required.field(lastExit, "last_exit");
        Required.field(healthMessage, "health_message");
    }

    /** Whether a container runs. */
    public enum State {
        WAITING("waiting"),
        /** Its root and volumes are mounted, and its program isn't to be started. */
        MOUNTED("mounted"),
        RUNNING("running"),
        /** Ended, and waiting for its next start. */
        BACKING_OFF("backing-off"),
        /** Ended, and not started again by its restart policy. */
        STOPPED("stopped"),
        /** Ended, and not started again because its retries are used up. */
        GIVEN_UP("given-up");

        private final String word;

        State(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }
    }

    /** Whether a container works. */
    public enum Health {
        STARTING("starting"),
        HEALTHY("healthy"),
        UNHEALTHY("unhealthy");

        private final String word;

        Health(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }
    }

    /**
     * How a container ended.
     *
     * @param code the exit code; 128 and the signal's number when a signal ended it
     * @param cause what is known of why
     * @param at milliseconds since 1970 by the device's clock
     */
    @Json
    public record Exit(int code, Cause cause, long at) {
        public Exit {
            Required.field(cause, "cause");
        }
    }

    /** Why a container ended. */
    public enum Cause {
        /** By itself. */
        EXITED("exited"),
        /** Over its memory limit. */
        OUT_OF_MEMORY("out-of-memory"),
        /** It asked for a reboot: {@code reboot -f}. */
        REBOOTED("rebooted"),
        /** It asked to be halted or powered off. */
        HALTED("halted"),
        /** The device stopped it. */
        STOPPED("stopped");

        private final String word;

        Cause(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }
    }
}
