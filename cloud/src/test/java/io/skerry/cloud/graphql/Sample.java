package io.skerry.cloud.graphql;

import io.skerry.cloud.service.VersionSettings;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Services in the tables as imports would have made them, where no image matters. */
public final class Sample {
    private Sample() {}

    /** A service with versions 1 to this one; the answer is its id. */
    public static String service(FleetFixture fleet, String customerId, String name, long versions) {
        String id = fleet.ids.next();
        fleet.storage.write(h -> {
            h.execute(
                    "INSERT INTO services (service_id, customer_id, name, latest_version, last_version, created_at)"
                            + " VALUES (?, ?, ?, 0, 0, 1)",
                    id,
                    customerId,
                    name);
            return id;
        });
        for (long version = 1; version <= versions; version++) {
            version(fleet, id, version);
        }
        return id;
    }

    /** The next version of a service, which whoever follows the newest gets. */
    public static void version(FleetFixture fleet, String serviceId, long version) {
        version(fleet, serviceId, version, Architecture.AMD64);
    }

    /** One whose image is for this architecture alone. */
    public static void version(FleetFixture fleet, String serviceId, long version, Architecture architecture) {
        fleet.storage.write(h -> {
            h.execute(
                    "INSERT INTO service_versions (service_id, version, container_image, settings, created_at)"
                            + " VALUES (?, ?, 'image', ?, 1)",
                    serviceId,
                    version,
                    VersionSettings.JSON.toJson(VersionSettings.DEFAULT));
            h.execute(
                    "INSERT INTO service_images (service_id, version, architecture, image_reference, manifest_digest,"
                            + " media_type, compressed_bytes, unpacked_bytes) VALUES (?, ?, ?, 'image', ?, 'type', 1, 1)",
                    serviceId,
                    version,
                    architecture.word(),
                    Digest.of((serviceId + version).getBytes(StandardCharsets.UTF_8))
                            .value());
            h.execute(
                    "UPDATE services SET latest_version = ?, last_version = ? WHERE service_id = ?",
                    version,
                    version,
                    serviceId);
            fleet.rollouts.made(
                    h,
                    serviceId,
                    version,
                    version == 1 ? Optional.empty() : Optional.of(version - 1),
                    FleetFixture.TESTER);
            List<String> nodes = h.createQuery("SELECT node_id FROM instances WHERE service_id = :id")
                    .bind("id", serviceId)
                    .mapTo(String.class)
                    .list();
            fleet.desired.refresh(h, nodes);
            return version;
        });
    }
}
