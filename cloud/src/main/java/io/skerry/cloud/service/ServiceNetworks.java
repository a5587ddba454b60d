package io.skerry.cloud.service;

import io.skerry.cloud.subnet.AddressBlock;
import io.skerry.cloud.subnet.LanSubnet;
import io.skerry.cloud.subnet.SubnetPool;
import io.skerry.spec.Problem;
import io.skerry.spec.network.Subnet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The networks of services, within a piece of work. */
public final class ServiceNetworks {
    private ServiceNetworks() {}

    /** What services of a customer have for all their instances alike. */
    public static List<AddressBlock> shared(Handle h, String customerId) {
        return h
                .createQuery("SELECT network FROM services WHERE customer_id = :customer AND network IS NOT NULL")
                .bind("customer", customerId)
                .map((rs, c) -> NetworkSettings.JSON.fromJson(rs.getString(1)).shared())
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * The networks that a service has after an import.
     *
     * @param service empty for its first import
     * @throws io.skerry.spec.ProblemException {@code service.network-immutable}, {@code service.subnet-used}, {@code
     *     subnet.outside}, {@code subnet.overlap}, {@code input.contradiction}
     */
    static NetworkSettings next(Handle h, String customerId, Optional<Service> service, NetworkChange change) {
        NetworkSettings before = before(service);
        NetworkSettings next = check(h, service, change);
        if (!next.lan().equals(before.lan())) {
            next.shared().ifPresent(shared -> SubnetPool.refuseGiven(h, customerId, shared));
        }
        return next;
    }

    /**
     * As {@link #next}, without asking which addresses are given: before the images are pulled.
     *
     * @throws io.skerry.spec.ProblemException {@code service.network-immutable}, {@code service.subnet-used}, {@code
     *     subnet.outside}, {@code input.contradiction}
     */
    static NetworkSettings check(Handle h, Optional<Service> service, NetworkChange change) {
        NetworkSettings before = before(service);
        NetworkConfig config = service.isEmpty() ? change.first() : change.later(before.config());
        var next = new NetworkSettings(config, change.over(before.lan(), config));
        if (!next.lan().equals(before.lan())) {
            service.ifPresent(s -> refuseUsed(h, s, before.lan(), next.lan()));
        }
        return next;
    }

    private static NetworkSettings before(Optional<Service> service) {
        return service.map(Service::network).orElse(NetworkSettings.NONE);
    }

    private static void refuseUsed(Handle h, Service service, Optional<LanSubnet> before, Optional<LanSubnet> next) {
        int instances = h.createQuery("SELECT count(*) FROM instances WHERE service_id = :id")
                .bind("id", service.serviceId())
                .mapTo(Integer.class)
                .one();
        if (instances > 0) {
            throw new Problem(
                            "service.subnet-used",
                            "node_service_input." + changed(before, next) + " can't change: " + instances
                                    + " instances of '" + service.name() + "' have addresses from it.",
                            "Leave it out, which keeps it, or remove these instances first.")
                    .asException();
        }
    }

    /** The first field that differs, with what it is. */
    private static String changed(Optional<LanSubnet> before, Optional<LanSubnet> next) {
        return Stream.<Map.Entry<String, Function<LanSubnet, Optional<Subnet>>>>of(
                        Map.entry("access_provided_subnet", l -> Optional.of(l.provided())),
                        Map.entry("dhcp_range_template", LanSubnet::template),
                        Map.entry("dhcp_range", LanSubnet::range))
                .filter(f -> !before.flatMap(f.getValue()).equals(next.flatMap(f.getValue())))
                .findFirst()
                .map(f -> f.getKey()
                        + before.flatMap(f.getValue()).map(s -> " (" + s + ")").orElse(""))
                .orElseThrow();
    }

    static void write(Handle h, String serviceId, NetworkSettings settings) {
        h.createUpdate("UPDATE services SET network = CAST(:network AS TEXT) WHERE service_id = :id")
                .bind(
                        "network",
                        Optional.of(settings)
                                .filter(s -> !s.equals(NetworkSettings.NONE))
                                .map(NetworkSettings.JSON::toJson))
                .bind("id", serviceId)
                .execute();
    }
}
