package io.skerry.cloud;

import io.skerry.cloud.blob.BucketAddress;
import io.skerry.cloud.login.ProviderSettings;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.web.Listener;
import io.skerry.cloud.web.WebLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a control plane is run.
 *
 * @param data the folder that holds all that it keeps
 * @param database where its database is; empty: embedded, in the data folder
 * @param shared a folder for what all processes on one database have in common, its keys and its content; empty: the data folder
 * @param content the bucket that the images' content is in; empty: a folder in the shared one
 * @param replicaAddress {@code host:port} at which the other processes reach its devices' port; empty: by this machine's name
 * @param operators where operators reach it
 * @param devices where devices reach it
 * @param hosts the names and addresses by which it is reached, for its certificate
 * @param privateRegistries whether imports and webhooks may call private addresses
 * @param plainHttpRegistries registries ({@code host:port}) that are called without TLS
 * @param people the OpenID provider by which people log in; empty: they don't
 * @param firstKeyFile where the first API key is written; empty: it is printed
 * @param limits what the ports let in
 * @param pollWait how long devices are told to wait in a poll
 * @param certificateLife of a device's certificate
 * @param renewable how long after its end a device's certificate is still good for getting a new one
 */
public record CloudSettings(
        Path data,
        Optional<PostgresAddress> database,
        Optional<Path> shared,
        Optional<BucketAddress> content,
        Optional<String> replicaAddress,
        Listener operators,
        Listener devices,
        List<String> hosts,
        boolean privateRegistries,
        Set<String> plainHttpRegistries,
        Optional<ProviderSettings> people,
        Optional<Path> firstKeyFile,
        WebLimits limits,
        Duration pollWait,
        Duration certificateLife,
        Duration renewable) {
    public static final int DEFAULT_PORT = 7443;
    public static final int DEFAULT_DEVICE_PORT = 7444;
    static final Duration POLL_WAIT = Duration.ofSeconds(55);
    static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);
    static final Duration RENEWABLE = Duration.ofDays(30);

    public CloudSettings {
        hosts = List.copyOf(hosts);
        plainHttpRegistries = Set.copyOf(plainHttpRegistries);
    }

    /** On this machine alone, at any free ports: for tests and trials. */
    public static CloudSettings local(Path data) {
        return new CloudSettings(
                data,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Listener(List.of("127.0.0.1"), 0, "--port"),
                new Listener(List.of("127.0.0.1"), 0, "--device-port"),
                List.of("localhost", "127.0.0.1"),
                true,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                WebLimits.DEFAULT,
                POLL_WAIT,
                CERTIFICATE_LIFE,
                RENEWABLE);
    }

    /** The same on another database. */
    CloudSettings on(PostgresAddress address) {
        return with(Optional.of(address), shared, content, people);
    }

    /** The same, with keys and content in a folder that others have as well. */
    CloudSettings sharing(Path folder) {
        return with(database, Optional.of(folder), content, people);
    }

    /** The same, with the images' content in a bucket. */
    CloudSettings in(BucketAddress bucket) {
        return with(database, shared, Optional.of(bucket), people);
    }

    /** The same, where people log in by this provider. */
    CloudSettings knowing(ProviderSettings provider) {
        return with(database, shared, content, Optional.of(provider));
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType")
    private CloudSettings with(
            Optional<PostgresAddress> itsDatabase,
            Optional<Path> itsShared,
            Optional<BucketAddress> itsContent,
            Optional<ProviderSettings> itsPeople) {
        return new CloudSettings(
                data,
                itsDatabase,
                itsShared,
                itsContent,
                replicaAddress,
                operators,
                devices,
                hosts,
                privateRegistries,
                plainHttpRegistries,
                itsPeople,
                firstKeyFile,
                limits,
                pollWait,
                certificateLife,
                renewable);
    }
}
