package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.List;

/** How to tell that a container works; asked from inside the container's own namespaces. */
@Json(typeProperty = "type")
@Json.SubTypes({
    @Json.SubType(type = HealthCheck.Exec.class, name = "exec"),
    @Json.SubType(type = HealthCheck.Http.class, name = "http"),
    @Json.SubType(type = HealthCheck.Tcp.class, name = "tcp")
})
public sealed interface HealthCheck {
    Timing timing();

    /** A command run in the container that must end with 0. */
    @Json
    record Exec(List<String> command, Timing timing) implements HealthCheck {
        public Exec {
            Required.field(command, "command");
            Required.field(timing, "timing");
            command = List.copyOf(command);
        }
    }

    /** A GET of {@code http://127.0.0.1:<port><path>} that must answer 200 to 399. */
    @Json
    record Http(int port, String path, Timing timing) implements HealthCheck {
        public Http {
            Required.field(path, "path");
            Required.field(timing, "timing");
        }
    }

    /** A connection to {@code 127.0.0.1:<port>} that must be accepted. */
    @Json
    record Tcp(int port, Timing timing) implements HealthCheck {
        public Tcp {
            Required.field(timing, "timing");
        }
    }

    /**
     * When to ask, and how often it may fail.
     *
     * @param intervalSeconds between two checks
     * @param timeoutSeconds after which one check has failed
     * @param startPeriodSeconds after the start in which failures don't count
     * @param retries failures in a row that make the container unhealthy
     */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Timing(int intervalSeconds, int timeoutSeconds, int startPeriodSeconds, int retries) {
        public static final Timing DEFAULT = new Timing(10, 5, 0, 3);

        /** Bound of {@code intervalSeconds} and of {@code timeoutSeconds}; both are at least 1. */
        public static final int MOST_SECONDS = 3600;

        /** Bound of {@code startPeriodSeconds}, which is at least 0. */
        public static final int MOST_START_PERIOD_SECONDS = 86_400;

        /** Bound of {@code retries}, which is at least 1. */
        public static final int MOST_RETRIES = 100;
    }
}
