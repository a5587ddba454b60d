package io.skerry.cloud;

import io.skerry.cloud.blob.TestContent;
import io.skerry.cloud.node.NewClaim;
import io.skerry.cloud.service.VersionSettings;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.KeyGrant;
import io.skerry.cloud.tenancy.NewApiKey;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.wire.Messages;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A whole control plane on loopback, with a clock that the test may set forward. */
final class TestCloud implements AutoCloseable {
    private final CloudSettings settings;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Cloud cloud;

    TestCloud(Path data) {
        this(CloudSettings.local(data));
    }

    TestCloud(CloudSettings settings) {
        CloudSettings onDatabase = settings.database()
                .or(() -> TestDatabase.of(settings.data()))
                .map(settings::on)
                .orElse(settings);
        this.settings = settings.content()
                .or(() -> TestContent.of(settings.data()))
                .map(onDatabase::in)
                .orElse(onDatabase);
        cloud = started();
    }

    private Cloud started() {
        InstantSource time = () -> Instant.now().plus(ahead.get());
        var started = new Cloud(settings, time, new PrintStream(printed, true, StandardCharsets.UTF_8));
        started.start();
        return started;
    }

    void restart() {
        cloud.close();
        cloud = started();
    }

    void later(Duration by) {
        ahead.updateAndGet(by::plus);
    }

    String key() {
        return printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(l -> l.contains("skk_"))
                .map(l -> l.substring(l.indexOf("skk_")))
                .findFirst()
                .orElseThrow();
    }

    String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    String customer() {
        return cloud.parts()
                .storage()
                .read(h -> h.createQuery("SELECT customer_id FROM customers")
                        .mapTo(String.class)
                        .first());
    }

    NewApiKey key(String customerId, Role role) {
        return cloud.parts()
                .apiKeys()
                .create(
                        new KeyGrant(Optional.of(customerId), role.word(), role, Optional.empty(), Optional.empty()),
                        Caller.everything(Actor.CONTROL_PLANE));
    }

    /** Good for one device alone. */
    NewApiKey keyOf(String nodeId) {
        return cloud.parts()
                .apiKeys()
                .create(
                        new KeyGrant(
                                Optional.of(customer()), "device", Role.ADMIN, Optional.of(nodeId), Optional.empty()),
                        Caller.everything(Actor.CONTROL_PLANE));
    }

    void removeNode(String nodeId) {
        cloud.parts().nodes().remove(nodeId, Caller.everything(Actor.CONTROL_PLANE));
    }

    String token(int uses) {
        return cloud.parts()
                .claimTokens()
                .create(
                        new NewClaim(customer(), Optional.empty(), Optional.empty(), uses, Duration.ofHours(1)),
                        Actor.CONTROL_PLANE);
    }

    TestDevice device(String name) throws Exception {
        return TestDevice.enrol(cloud, token(1), name);
    }

    /** Writes what an import would: the next version of a service with an image for amd64. */
    long version(String serviceId) {
        return cloud.parts().storage().write(h -> {
            h.execute(
                    "INSERT INTO services (service_id, customer_id, name, latest_version, created_at)"
                            + " VALUES (?, ?, ?, 0, 0) ON CONFLICT DO NOTHING",
                    serviceId,
                    customerIn(h),
                    serviceId);
            h.execute("UPDATE services SET latest_version = latest_version + 1 WHERE service_id = ?", serviceId);
            long version = h.createQuery("SELECT latest_version FROM services WHERE service_id = :id")
                    .bind("id", serviceId)
                    .mapTo(Long.class)
                    .one();
            h.execute(
                    "INSERT INTO service_versions (service_id, version, container_image, settings, created_at)"
                            + " VALUES (?, ?, 'image', ?, 0)",
                    serviceId,
                    version,
                    VersionSettings.JSON.toJson(VersionSettings.DEFAULT));
            h.execute(
                    "INSERT INTO service_images VALUES (?, ?, 'amd64', 'r/i:1', ?, 'm', 1, 1)",
                    serviceId,
                    version,
                    Digest.of((serviceId + version).getBytes(StandardCharsets.UTF_8))
                            .value());
            cloud.parts()
                    .states()
                    .refresh(
                            h,
                            h.createQuery("SELECT node_id FROM instances WHERE service_id = :id")
                                    .bind("id", serviceId)
                                    .mapTo(String.class)
                                    .list());
            return version;
        });
    }

    static String customerIn(org.jdbi.v3.core.Handle h) {
        return h.createQuery("SELECT customer_id FROM customers")
                .mapTo(String.class)
                .first();
    }

    void instance(String instanceId, String serviceId, String nodeId) {
        cloud.parts().storage().write(h -> {
            h.execute(
                    "INSERT INTO instances (instance_id, customer_id, service_id, node_id, created_at)"
                            + " VALUES (?, ?, ?, ?, 0)",
                    instanceId,
                    customerIn(h),
                    serviceId,
                    nodeId);
            cloud.parts().states().refresh(h, List.of(nodeId));
            return nodeId;
        });
    }

    static Problem problem(HttpResponse<byte[]> answer) {
        return Messages.PROBLEM.fromJson(answer.body());
    }

    @Override
    public void close() {
        cloud.close();
    }
}
