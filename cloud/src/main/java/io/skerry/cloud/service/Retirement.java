package io.skerry.cloud.service;

import io.skerry.cloud.node.WorkloadChanges;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Documents;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Takes versions and services out of use, and removes those that nobody uses. */
public final class Retirement {
    /** Of the groups that use a service. */
    private static final int MOST_NAMED = 10;

    private final Storage storage;
    private final InstantSource time;
    private final WorkloadChanges changes;
    private final AuditLog audit;

    public Retirement(Storage storage, InstantSource time, WorkloadChanges changes, AuditLog audit) {
        this.storage = storage;
        this.time = time;
        this.changes = changes;
        this.audit = audit;
    }

    /**
     * Has nobody begin to follow a version any more, or lets them again. Whoever is pinned to it keeps it; when it was the newest,
     * whoever follows the newest goes back to the one before.
     *
     * @throws io.skerry.spec.ProblemException {@code service.unknown}, {@code service.version-unknown}, {@code
     *     service.version-needed} for the only one that isn't retired, {@code service.version-used} for one that groups' devices
     *     are to begin to follow
     */
    public void retire(String serviceId, int number, boolean retired, Caller caller) {
        storage.write(h -> {
            Service service = seen(h, serviceId, caller);
            Version version = Services.required(h, serviceId, number);
            if (version.retiredAt().isPresent() == retired) {
                return service;
            }
            if (retired) {
                refuseBegun(h, service, number);
            }
            h.createUpdate("UPDATE service_versions SET retired_at = :at WHERE service_id = :id AND version = :version")
                    .bind("at", retired ? Optional.of(time.millis()) : Optional.<Long>empty())
                    .bind("id", serviceId)
                    .bind("version", number)
                    .execute();
            int latest = newest(h, serviceId)
                    .orElseThrow(() -> new Problem(
                                    "service.version-needed",
                                    "Version " + number + " is the only one of '" + service.name()
                                            + "' that isn't retired.",
                                    "Import another version first, or remove the service.")
                            .asException());
            audit.note(
                    h,
                    caller.actor(),
                    change(
                            "DM_retire_node_service_version",
                            service,
                            Map.of("container_version", number, "retired", !retired),
                            Map.of("container_version", number, "retired", retired)));
            if (latest != service.latestVersion()) {
                h.execute("UPDATE services SET latest_version = ? WHERE service_id = ?", latest, serviceId);
                checkOrder(h, service);
                changes.refresh(h, Services.followers(h, serviceId));
            }
            return service;
        });
    }

    private static void refuseBegun(Handle h, Service service, int number) {
        List<String> groups = h.createQuery(
                        "SELECT g.name FROM group_services r JOIN node_groups g"
                                + " ON g.group_id = r.group_id WHERE r.service_id = :id AND r.selector = :selector ORDER BY g.name")
                .bind("id", service.serviceId())
                .bind("selector", "version:" + number)
                .mapTo(String.class)
                .list();
        if (!groups.isEmpty()) {
            throw new Problem(
                            "service.version-used",
                            "Version " + number + " of '" + service.name()
                                    + "' is what each device gets that joins one of these groups: " + some(groups)
                                    + ".",
                            "Have these groups' instances follow another one first, with DM_update_group_node_service.")
                    .asException();
        }
    }

    private static String some(List<String> names) {
        int more = names.size() - MOST_NAMED;
        return String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)))
                + (more > 0 ? " and " + more + " more" : "");
    }

    /** What is newest now must fit what it is started after, and so must whatever is started after it. */
    private static void checkOrder(Handle h, Service service) {
        newestOf(h, service.customerId()).forEach((name, settings) -> {
            if (name.equals(service.name()) || settings.after().contains(service.name())) {
                StartOrder.check(h, service.customerId(), name, settings);
            }
        });
    }

    private static Map<String, VersionSettings> newestOf(Handle h, String customerId) {
        Map<String, VersionSettings> newest = new TreeMap<>();
        h.createQuery("SELECT s.name, v.settings FROM services s JOIN service_versions v"
                        + " ON v.service_id = s.service_id AND v.version = s.latest_version"
                        + " WHERE s.customer_id = :customer")
                .bind("customer", customerId)
                .map((rs, c) ->
                        Map.entry(rs.getString("name"), VersionSettings.JSON.fromJson(rs.getString("settings"))))
                .forEach(e -> newest.put(e.getKey(), e.getValue()));
        return newest;
    }

    private static Optional<Integer> newest(Handle h, String serviceId) {
        return h.createQuery("SELECT version FROM service_versions WHERE service_id = :id AND retired_at IS NULL"
                        + " ORDER BY version DESC LIMIT 1")
                .bind("id", serviceId)
                .mapTo(Integer.class)
                .findOne();
    }

    /**
     * Removes a version with its images, as far as nothing else has them.
     *
     * @throws io.skerry.spec.ProblemException {@code service.unknown}, {@code service.version-unknown}, {@code
     *     service.version-not-retired}, {@code service.version-used}
     */
    public void removeVersion(String serviceId, int number, Caller caller) {
        // Not on the thread that writes: there may be many documents, and none begins to name a retired version.
        storage.read(h -> {
            Service service = seen(h, serviceId, caller);
            retired(h, service, number);
            refuseTold(h, service, number);
            return service;
        });
        storage.write(h -> {
            Service service = seen(h, serviceId, caller);
            Version version = retired(h, service, number);
            refuseFollowed(h, service, number);
            h.execute("DELETE FROM service_images WHERE service_id = ? AND version = ?", serviceId, number);
            h.execute("DELETE FROM service_versions WHERE service_id = ? AND version = ?", serviceId, number);
            audit.note(
                    h,
                    caller.actor(),
                    change(
                            "DM_remove_node_service_version",
                            service,
                            Map.of("container_version", number, "container_image", version.containerImage()),
                            Map.of()));
            return service;
        });
    }

    private static Version retired(Handle h, Service service, int number) {
        Version version = Services.required(h, service.serviceId(), number);
        if (version.retiredAt().isEmpty()) {
            throw new Problem(
                            "service.version-not-retired",
                            "Version " + number + " of '" + service.name() + "' isn't retired.",
                            "Retire it first, with DM_retire_node_service_version or 'skerry service retire'.")
                    .asException();
        }
        return version;
    }

    private static void refuseFollowed(Handle h, Service service, int number) {
        int followers = h.createQuery("SELECT count(*) FROM instances WHERE service_id = :id"
                        + " AND (selector = :selector OR held_version = :version)")
                .bind("id", service.serviceId())
                .bind("selector", "version:" + number)
                .bind("version", number)
                .mapTo(Integer.class)
                .one();
        if (followers > 0) {
            throw used(service, number, followers + " instances are pinned to it or held at it");
        }
        int returning = h.createQuery("SELECT count(*) FROM rollout_members m JOIN rollouts r"
                        + " ON r.rollout_id = m.rollout_id WHERE r.service_id = :id AND r.version = :latest"
                        + " AND m.before_version = :version")
                .bind("id", service.serviceId())
                .bind("latest", service.latestVersion())
                .bind("version", number)
                .mapTo(Integer.class)
                .one();
        if (returning > 0) {
            throw used(
                    service,
                    number,
                    returning + " instances go back to it when the newest version's roll-out is reverted");
        }
        int governing = h.createQuery("SELECT count(*) FROM rollouts WHERE service_id = :id AND version = :latest"
                        + " AND from_version = :version AND state <> 'completed'")
                .bind("id", service.serviceId())
                .bind("latest", service.latestVersion())
                .bind("version", number)
                .mapTo(Integer.class)
                .one();
        if (governing > 0) {
            throw used(service, number, "new instances get it as long as the newest version isn't rolled out to all");
        }
    }

    private static void refuseTold(Handle h, Service service, int number) {
        long told = h
                .createQuery("SELECT workload, previous_workload, running_workload FROM desired_states"
                        + " WHERE workload LIKE :named OR previous_workload LIKE :named"
                        + " OR running_workload LIKE :named")
                .bind("named", "%" + service.serviceId() + "%")
                .map((rs, c) -> Stream.of(
                                rs.getString("workload"),
                                rs.getString("previous_workload"),
                                rs.getString("running_workload"))
                        .filter(Objects::nonNull)
                        .anyMatch(workload -> names(workload, service, number)))
                .stream()
                .filter(uses -> uses)
                .count();
        if (told > 0) {
            throw used(service, number, told + " devices are told to run it, were before, or run it");
        }
    }

    private static ProblemException used(Service service, int number, String how) {
        return new Problem(
                        "service.version-used",
                        "Version " + number + " of '" + service.name() + "' is used: " + how + ".",
                        "Have them follow another version, and try again once their devices run it and were told something else since.")
                .asException();
    }

    private static boolean names(String workload, Service service, int number) {
        return Documents.WORKLOAD.fromJson(workload).containers().values().stream()
                .anyMatch(c -> c.service().id().equals(service.serviceId())
                        && c.service().version() == number);
    }

    /**
     * Removes a service with all its versions.
     *
     * @throws io.skerry.spec.ProblemException {@code service.unknown}, {@code service.used}, {@code service.needed}
     */
    public void remove(String serviceId, Caller caller) {
        storage.write(h -> {
            Service service = seen(h, serviceId, caller);
            int instances = h.createQuery("SELECT count(*) FROM instances WHERE service_id = :id")
                    .bind("id", serviceId)
                    .mapTo(Integer.class)
                    .one();
            if (instances > 0) {
                throw new Problem(
                                "service.used",
                                "'" + service.name() + "' is on devices, by " + instances + " instances.",
                                "Remove these first, and take it from the groups that have it.")
                        .asException();
            }
            refuseGiven(h, service);
            refuseNeeded(h, service);
            h.execute("DELETE FROM service_images WHERE service_id = ?", serviceId);
            h.execute("DELETE FROM service_versions WHERE service_id = ?", serviceId);
            h.execute("DELETE FROM services WHERE service_id = ?", serviceId);
            audit.note(
                    h,
                    caller.actor(),
                    change(
                            "DM_remove_node_service",
                            service,
                            Map.of("name", service.name(), "container_version", service.latestVersion()),
                            Map.of()));
            return service;
        });
    }

    private static void refuseGiven(Handle h, Service service) {
        List<String> groups = h.createQuery("SELECT g.name FROM group_services r JOIN node_groups g"
                        + " ON g.group_id = r.group_id WHERE r.service_id = :id ORDER BY g.name")
                .bind("id", service.serviceId())
                .mapTo(String.class)
                .list();
        if (!groups.isEmpty()) {
            throw new Problem(
                            "service.used",
                            "Each device that joins one of these groups gets '" + service.name() + "': " + some(groups)
                                    + ".",
                            "Take it from these groups first, with DM_remove_group_node_service.")
                    .asException();
        }
    }

    private static void refuseNeeded(Handle h, Service service) {
        List<String> others = newestOf(h, service.customerId()).entrySet().stream()
                .filter(e -> e.getValue().after().contains(service.name()))
                .map(Map.Entry::getKey)
                .toList();
        if (!others.isEmpty()) {
            throw new Problem(
                            "service.needed",
                            "'" + service.name() + "' must be started before " + String.join(", ", others) + ".",
                            "Import versions of these that don't name it in after.")
                    .asException();
        }
    }

    private static Service seen(Handle h, String serviceId, Caller caller) {
        return Services.find(h, serviceId)
                .filter(s -> caller.sees(s.customerId()))
                .orElseThrow(() -> Services.unknown(serviceId).asException());
    }

    private static Change change(
            String operation, Service service, Map<String, Object> before, Map<String, Object> after) {
        return new Change(
                Optional.of(service.customerId()),
                operation,
                "service",
                service.serviceId(),
                service.name(),
                before,
                after);
    }

    /** @throws io.skerry.spec.ProblemException {@code service.version-retired} when nobody is to begin to follow it */
    public static void refuseRetired(Handle h, String serviceId, long number) {
        if (Services.version(h, serviceId, Math.toIntExact(number))
                .flatMap(Version::retiredAt)
                .isPresent()) {
            throw new Problem(
                            "service.version-retired",
                            "Version " + number + " is retired.",
                            "Choose another one, or bring it back with DM_retire_node_service_version and retired: false.")
                    .asException();
        }
    }
}
