package io.skerry.cli.session;

import io.skerry.cli.api.Customer;
import io.skerry.cli.api.Fleet;
import io.skerry.cli.api.Instance;
import io.skerry.cli.api.InstanceFilter;
import io.skerry.cli.api.Node;
import io.skerry.cli.api.NodeSummary;
import io.skerry.cli.api.Service;
import io.skerry.cli.api.ServiceSummary;
import io.skerry.cli.api.Webhook;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds services, devices and instances by id, or by name within the customer that is meant. Each method throws {@code
 * <kind>.not-found} or {@code usage.ambiguous}.
 */
public final class Lookup {
    private final Session session;
    private final Fleet fleet;

    Lookup(Session session) {
        this.session = session;
        this.fleet = session.fleet();
    }

    /** Of all customers that the key may see. */
    public String customerId(String idOrName) {
        return Resolution.isId(idOrName)
                ? idOrName
                : Resolution.one("customer", idOrName, fleet.customers(), Customer::customerId, Customer::name)
                        .customerId();
    }

    public Service service(String idOrName) {
        return fleet.service(serviceId(idOrName)).orElseThrow(() -> absent("service", idOrName));
    }

    public String serviceId(String idOrName) {
        return Resolution.isId(idOrName)
                ? idOrName
                : Resolution.one(
                                "service",
                                idOrName,
                                fleet.services(session.customer().customerId()),
                                ServiceSummary::nodeServiceId,
                                ServiceSummary::name)
                        .nodeServiceId();
    }

    /** The groups of the customer that is meant. */
    public GroupPaths groups() {
        return groups(session.customer().customerId());
    }

    /** The groups of a customer. */
    public GroupPaths groups(String customerId) {
        return new GroupPaths(fleet.groups(customerId));
    }

    /**
     * The id of a group, by path or id.
     *
     * @throws ProblemException {@code group.not-found}, {@code usage.root} for the customer's root, which is no group
     */
    public String groupId(String pathOrId) {
        return groups().id(pathOrId)
                .orElseThrow(() -> new Problem(
                                "usage.root", "The customer's root is no group.", "Name a group; see skerry group ls.")
                        .asException());
    }

    public Node node(String idOrName) {
        return fleet.node(nodeId(idOrName)).orElseThrow(() -> absent("node", idOrName));
    }

    public String nodeId(String idOrName) {
        return Resolution.isId(idOrName)
                ? idOrName
                : Resolution.one(
                                "node",
                                idOrName,
                                fleet.nodes(session.customer().customerId()),
                                NodeSummary::nodeId,
                                NodeSummary::name)
                        .nodeId();
    }

    public Webhook webhook(String idOrName) {
        return Resolution.isId(idOrName)
                ? fleet.webhooks().find(idOrName).orElseThrow(() -> absent("webhook", idOrName))
                : Resolution.one(
                        "webhook",
                        idOrName,
                        fleet.webhooks().list(session.customer().customerId()),
                        Webhook::webhookId,
                        Webhook::name);
    }

    /** An instance has no name of its own: {@code SERVICE@NODE}, or {@code SERVICE} while it runs on one device only. */
    public Instance instance(String idOrName) {
        if (Resolution.isId(idOrName)) {
            return fleet.instance(idOrName).orElseThrow(() -> absent("instance", idOrName));
        }
        int at = idOrName.indexOf('@');
        List<Instance> found = at < 0
                ? fleet.instances(InstanceFilter.ofService(session.customer().customerId(), serviceId(idOrName)))
                : on(idOrName.substring(at + 1), idOrName.substring(0, at));
        return switch (found.size()) {
            case 1 -> found.getFirst();
            case 0 -> throw absent("instance", idOrName);
            default ->
                throw new Problem(
                                "usage.ambiguous",
                                "'" + Text.shortened(idOrName, 120) + "' names " + found.size() + " instances: "
                                        + found.stream()
                                                .limit(5)
                                                .map(i -> at < 0
                                                        ? i.serviceName() + "@" + i.nodeName()
                                                        : i.nodeServiceInstanceId())
                                                .collect(Collectors.joining(", "))
                                        + (found.size() > 5 ? ", …" : "") + ".",
                                at < 0 ? "Name the device too: SERVICE@NODE." : "Use the id.")
                        .asException();
        };
    }

    /** The id of an instance as {@link #instance} takes it; also of one that is gone, of which there may be events. */
    public String instanceId(String idOrName) {
        return Resolution.isId(idOrName) ? idOrName : instance(idOrName).nodeServiceInstanceId();
    }

    /** A key that is good for one device alone sees its instances, and no services. */
    private List<Instance> on(String node, String service) {
        String nodeId = nodeId(node);
        var filter = new InstanceFilter(session.customer().customerId(), Optional.empty(), Optional.of(nodeId));
        return fleet.instances(filter).stream()
                .filter(i -> i.nodeId().equals(nodeId))
                .filter(i ->
                        i.serviceName().equals(service) || i.nodeServiceId().equals(service))
                .toList();
    }

    private static ProblemException absent(String kind, String wanted) {
        return Resolution.notFound(kind, wanted, List.of()).asException();
    }
}
