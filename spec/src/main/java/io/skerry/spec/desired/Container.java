package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One container that a device is to run.
 *
 * @param service whose image and settings these are
 * @param image what it runs
 * @param environment what the service adds to the image's own variables
 * @param limits what it may use
 * @param volumes what outlives the container, made for it alone
 * @param health how to tell that it works; empty: the image's own HEALTHCHECK if it has one, else that it runs
 * @param restart what to do when it ends
 * @param stopSeconds how long it may take to end after its stop signal before it is killed
 * @param probationSeconds how long a new revision of it is watched before it is committed
 * @param membership its place among the others; empty: {@link Membership#DEFAULT}
 * @param recovery how it is started again when it ends; empty: {@link Recovery#DEFAULT}
 * @param update how it is replaced by its next form; empty: {@link UpdateRules#DEFAULT}
 * @param config files that this one container finds in it; empty: none
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Container(
        ServiceVersion service,
        Image image,
        Map<String, String> environment,
        Limits limits,
        List<VolumeMount> volumes,
        Optional<HealthCheck> health,
        RestartPolicy restart,
        int stopSeconds,
        int probationSeconds,
        Optional<Membership> membership,
        Optional<Recovery> recovery,
        Optional<UpdateRules> update,
        Optional<ConfigFiles> config) {
    public static final int DEFAULT_STOP_SECONDS = 10;
    public static final int DEFAULT_PROBATION_SECONDS = 30;

    /** Bound of {@code stopSeconds}, which is at least 0. */
    public static final int MOST_STOP_SECONDS = 3600;

    /** Bound of {@code probationSeconds}, which is at least 0. */
    public static final int MOST_PROBATION_SECONDS = 86_400;

    public Container {
        Required.field(service, "service");
        Required.field(image, "image");
        Required.field(environment, "environment");
        Required.field(limits, "limits");
        Required.field(volumes, "volumes");
        Required.field(health, "health");
        Required.field(restart, "restart");
        Required.field(membership, "membership");
        Required.field(recovery, "recovery");
        Required.field(update, "update");
        Required.field(config, "config");
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
        volumes = List.copyOf(volumes);
    }

    /** This container with these files instead. */
    public Container with(Optional<ConfigFiles> files) {
        return new Container(
                service,
                image,
                environment,
                limits,
                volumes,
                health,
                restart,
                stopSeconds,
                probationSeconds,
                membership,
                recovery,
                update,
                files);
    }

    /** A container without the optional ways of grouping, recovery, update and configuration. */
    public static Container plain(
            ServiceVersion service,
            Image image,
            Map<String, String> environment,
            Limits limits,
            List<VolumeMount> volumes,
            Optional<HealthCheck> health,
            RestartPolicy restart,
            int stopSeconds,
            int probationSeconds) {
        return new Container(
                service,
                image,
                environment,
                limits,
                volumes,
                health,
                restart,
                stopSeconds,
                probationSeconds,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
