package io.skerry.cloud.instance;

import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Which devices can't have what a group of theirs has, and why. */
public final class AbsentInstances {
    private final Storage storage;
    private final GroupInstances instances;

    public AbsentInstances(Storage storage, GroupInstances instances) {
        this.storage = storage;
        this.instances = instances;
    }

    /**
     * Those of a customer by rule and device.
     *
     * @param cursor where the page before ended; empty for the beginning
     */
    public Page<AbsentInstance> list(String customerId, Filter filter, int take, String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery(GroupServiceRows.ABSENT + " WHERE r.customer_id = :customer"
                                + " AND a.group_service_id || '/' || a.node_id > :cursor"
                                + " AND (CAST(:rule AS TEXT) IS NULL OR a.group_service_id = :rule)"
                                + " AND (CAST(:service AS TEXT) IS NULL OR r.service_id = :service)"
                                + " AND (CAST(:node AS TEXT) IS NULL OR a.node_id = :node)"
                                + " ORDER BY a.group_service_id || '/' || a.node_id LIMIT :most")
                        .bind("customer", customerId)
                        .bind("cursor", cursor)
                        .bind("rule", filter.groupServiceId())
                        .bind("service", filter.serviceId())
                        .bind("node", filter.nodeId())
                        .bind("most", take + 1)
                        .map((rs, c) -> GroupServiceRows.absent(rs))
                        .list(),
                take,
                a -> a.rule().groupServiceId() + "/" + a.nodeId()));
    }

    /**
     * Which are meant; what is empty is every one.
     *
     * @param groupServiceId of this rule
     * @param serviceId of this service
     * @param nodeId on this device
     */
    public record Filter(Optional<String> groupServiceId, Optional<String> serviceId, Optional<String> nodeId) {}

    /** Those on these devices. */
    public List<AbsentInstance> on(Collection<String> nodeIds) {
        return nodeIds.isEmpty()
                ? List.of()
                : storage.read(h -> h.createQuery(
                                GroupServiceRows.ABSENT + " WHERE a.node_id IN (<nodes>) ORDER BY a.group_service_id")
                        .bindList("nodes", List.copyOf(nodeIds))
                        .map((rs, c) -> GroupServiceRows.absent(rs))
                        .list());
    }

    /**
     * Tries those again for which there were no addresses, in the order in which they began to wait; called now and then. Whatever
     * else may have changed is noticed when it changes.
     */
    public void retryExhausted() {
        for (String rule : storage.read(AbsentInstances::exhausted)) {
            boolean more = true;
            while (more) {
                more = storage.write(h -> retried(h, rule));
            }
        }
    }

    private static List<String> exhausted(Handle h) {
        return h.createQuery("SELECT DISTINCT group_service_id FROM absent_instances WHERE code = 'subnet.exhausted'")
                .mapTo(String.class)
                .list();
    }

    /** Whether the one that waits longest has it now, so that there may be addresses for more. */
    private boolean retried(Handle h, String rule) {
        Optional<String> first = longest(h, rule);
        first.ifPresent(node -> instances.moved(h, List.of(node), Actor.CONTROL_PLANE));
        return first.isPresent() && !longest(h, rule).equals(first);
    }

    private static Optional<String> longest(Handle h, String rule) {
        return h.createQuery("SELECT node_id FROM absent_instances WHERE group_service_id = :rule"
                        + " AND code = 'subnet.exhausted' ORDER BY since, node_id LIMIT 1")
                .bind("rule", rule)
                .mapTo(String.class)
                .findOne();
    }
}
