package io.skerry.cloud.service;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The node services and their versions, for reading. */
public final class Services {
    private static final String SELECT = "SELECT s.*, v.container_image FROM services s"
            + " JOIN service_versions v ON v.service_id = s.service_id AND v.version = s.latest_version";

    private final Storage storage;

    public Services(Storage storage) {
        this.storage = storage;
    }

    public Optional<Service> find(String serviceId) {
        return storage.read(h -> find(h, serviceId));
    }

    /** As {@link #find(String)}, within a piece of work. */
    public static Optional<Service> find(Handle h, String serviceId) {
        return h.createQuery(SELECT + " WHERE s.service_id = :id")
                .bind("id", serviceId)
                .map((rs, c) -> service(rs))
                .findOne();
    }

    /** A customer's service of this name, within a piece of work. */
    static Optional<Service> named(Handle h, String customerId, String name) {
        return h.createQuery(SELECT + " WHERE s.customer_id = :customer AND s.name = :name")
                .bind("customer", customerId)
                .bind("name", name)
                .map((rs, c) -> service(rs))
                .findOne();
    }

    /** A customer's service of this name. */
    public Optional<Service> named(String customerId, String name) {
        return storage.read(h -> named(h, customerId, name));
    }

    /**
     * A customer's services in the order in which they were made.
     *
     * @param cursor the id after which to begin; empty for the beginning
     */
    public Page<Service> list(String customerId, int take, String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery(SELECT + " WHERE s.customer_id = :customer AND s.service_id > :cursor"
                                + " ORDER BY s.service_id LIMIT :most")
                        .bind("customer", customerId)
                        .bind("cursor", cursor)
                        .bind("most", take + 1)
                        .map((rs, c) -> service(rs))
                        .list(),
                take,
                Service::serviceId));
    }

    /**
     * Each service's newest versions, at most so many of each, newest first.
     *
     * @param before only those with smaller numbers
     */
    public Map<String, List<Version>> versions(Collection<String> serviceIds, int before, int most) {
        if (serviceIds.isEmpty()) {
            return Map.of();
        }
        return storage.read(h -> h
                .createQuery(
                        "SELECT * FROM (SELECT v.*, ROW_NUMBER() OVER (PARTITION BY service_id ORDER BY version DESC)"
                                + " AS place FROM service_versions v WHERE service_id IN (<ids>) AND version < :before) ranked"
                                + " WHERE place <= :most ORDER BY service_id, version DESC")
                .bindList("ids", List.copyOf(serviceIds))
                .bind("before", before)
                .bind("most", most)
                .map((rs, c) -> version(rs))
                .list()
                .stream()
                .collect(groupingBy(Version::serviceId)));
    }

    static Optional<Version> version(Handle h, String serviceId, int number) {
        return h.createQuery("SELECT * FROM service_versions WHERE service_id = :id AND version = :version")
                .bind("id", serviceId)
                .bind("version", number)
                .map((rs, c) -> version(rs))
                .findOne();
    }

    /** The images of these versions of services, by service and version. */
    public Map<VersionKey, List<VersionImage>> images(Collection<VersionKey> versions) {
        if (versions.isEmpty()) {
            return Map.of();
        }
        int oldest = versions.stream().mapToInt(VersionKey::number).min().orElse(0);
        return storage.read(h -> h
                .createQuery("SELECT * FROM service_images WHERE service_id IN (<ids>) AND version >= :oldest"
                        + " ORDER BY service_id, version, architecture")
                .bindList(
                        "ids",
                        versions.stream().map(VersionKey::serviceId).distinct().toList())
                .bind("oldest", oldest)
                .map((rs, c) -> Map.entry(new VersionKey(rs.getString("service_id"), rs.getInt("version")), image(rs)))
                .list()
                .stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList()))));
    }

    /** The images of one version, within a piece of work, in the order of their architectures' names. */
    public static List<VersionImage> images(Handle h, String serviceId, int number) {
        return h.createQuery("SELECT * FROM service_images WHERE service_id = :id AND version = :version"
                        + " ORDER BY architecture")
                .bind("id", serviceId)
                .bind("version", number)
                .map((rs, c) -> image(rs))
                .list();
    }

    /** One version of one service. */
    public record VersionKey(String serviceId, int number) {}

    /** One version of a service, if it has it. */
    public Optional<Version> version(String serviceId, int number) {
        return storage.read(h -> version(h, serviceId, number));
    }

    /** What two versions of a service differ in. */
    public List<Difference> difference(String serviceId, int from, int to) {
        return storage.read(h -> Difference.between(
                required(h, serviceId, from),
                images(h, serviceId, from),
                required(h, serviceId, to),
                images(h, serviceId, to)));
    }

    /** @throws io.skerry.spec.ProblemException {@code service.version-unknown} */
    public static Version required(Handle h, String serviceId, int number) {
        return version(h, serviceId, number)
                .orElseThrow(() -> unknownVersion(number).asException());
    }

    /** What is said of a version that a service doesn't have. */
    static Problem unknownVersion(int number) {
        return new Problem(
                "service.version-unknown",
                "The node service has no version " + number + ".",
                "Look at those that it has with DM_get_node_service or 'skerry service show'.");
    }

    /** What is said of a service that isn't there, or is another customer's. */
    public static Problem unknown(String serviceId) {
        return new Problem(
                "service.unknown",
                "There is no node service '" + Text.shortened(serviceId, 60) + "'.",
                "Look the ids up with DM_get_node_services or 'skerry service ls'.");
    }

    private static Service service(ResultSet rs) throws SQLException {
        return new Service(
                rs.getString("service_id"),
                rs.getString("customer_id"),
                rs.getString("name"),
                rs.getInt("latest_version"),
                rs.getInt("last_version"),
                rs.getString("container_image"),
                NetworkSettings.read(Optional.ofNullable(rs.getString("network"))),
                rs.getLong("created_at"));
    }

    /**
     * The nodes for which it matters which version is the newest: those with an instance that follows it, and those that are to have
     * one by a group and can't.
     */
    public static List<String> followers(Handle h, String serviceId) {
        return h.createQuery("SELECT node_id FROM instances WHERE service_id = :id AND selector IS NULL"
                        + " UNION SELECT a.node_id FROM absent_instances a JOIN group_services r"
                        + " ON r.group_service_id = a.group_service_id WHERE r.service_id = :id")
                .bind("id", serviceId)
                .mapTo(String.class)
                .list();
    }

    private static Version version(ResultSet rs) throws SQLException {
        return new Version(
                rs.getString("service_id"),
                rs.getInt("version"),
                rs.getString("container_image"),
                VersionSettings.JSON.fromJson(rs.getString("settings")),
                rs.getLong("created_at"),
                Columns.number(rs, "retired_at"));
    }

    private static VersionImage image(ResultSet rs) throws SQLException {
        return new VersionImage(
                Architecture.of(rs.getString("architecture")),
                rs.getString("image_reference"),
                new Digest(rs.getString("manifest_digest")),
                rs.getString("media_type"),
                rs.getLong("compressed_bytes"),
                rs.getLong("unpacked_bytes"));
    }
}
