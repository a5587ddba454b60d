package io.skerry.cloud.service;

import io.skerry.cloud.service.NetworkConfig.AccessInterface;
import io.skerry.cloud.subnet.LanSubnet;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import io.skerry.spec.network.NetworkMode;
import io.skerry.spec.network.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an import says about a service's networks; what it leaves out is as it was. */
record NetworkChange(
        Optional<NetworkMode> wan,
        Optional<NetworkMode> lan,
        Optional<List<AccessInterface>> interfaces,
        Change<Subnet> provided,
        Change<Subnet> template,
        Change<Subnet> range) {
    static final NetworkChange NONE = new NetworkChange(
            Optional.empty(), Optional.empty(), Optional.empty(), Change.none(), Change.none(), Change.none());

    private static final String CONFIG = "node_service_input.network_config.";
    private static final int MOST_INTERFACES = 16;
    /** Linux' IFNAMSIZ, less the NUL. */
    private static final int LONGEST_INTERFACE = 15;

    /** Reads {@code node_service_input}; every refusal names the field and what would be right. */
    static NetworkChange parse(Input service) {
        Optional<Input> config = service.object("network_config");
        return new NetworkChange(
                config.flatMap(c -> c.word("wan_configure_network")).flatMap(NetworkMode::of),
                config.flatMap(c -> c.word("lan_configure_network")).flatMap(NetworkMode::of),
                config.flatMap(c -> c.objects("access_interfaces", MOST_INTERFACES))
                        .map(NetworkChange::interfaces),
                subnet(service, "access_provided_subnet"),
                subnet(service, "dhcp_range_template"),
                subnet(service, "dhcp_range"));
    }

    private static Change<Subnet> subnet(Input service, String field) {
        return Change.of(service, field, service.line(field, 40).map(text -> Subnet.parse(service.name(field), text)));
    }

    private static List<AccessInterface> interfaces(List<Input> entries) {
        List<AccessInterface> interfaces = new ArrayList<>();
        for (Input entry : entries) {
            String name = entry.line("name", LONGEST_INTERFACE)
                    .orElseThrow(() -> entry.malformed("name", "must be an interface's, as in eth1"));
            if (name.contains("/") || name.contains(" ") || name.startsWith(".")) {
                throw entry.malformed("name", "must be an interface's, as in eth1");
            }
            if (interfaces.stream().anyMatch(i -> i.name().equals(name))) {
                throw new Problem(
                                "input.duplicate",
                                entry.name("name") + " gives '" + Text.shortened(name, 20) + "' a second time.",
                                "Give each once.")
                        .asException();
            }
            interfaces.add(new AccessInterface(name, entry.line("label", 63)));
        }
        return List.copyOf(interfaces);
    }

    /** What the first import of a service says. */
    NetworkConfig first() {
        return over(NetworkConfig.NONE);
    }

    private NetworkConfig over(NetworkConfig before) {
        return new NetworkConfig(
                wan.orElse(before.wan()), lan.orElse(before.lan()), interfaces.orElse(before.interfaces()));
    }

    /**
     * What a later import leaves as it is.
     *
     * @throws io.skerry.spec.ProblemException {@code service.network-immutable}, naming the first field that differs
     */
    NetworkConfig later(NetworkConfig before) {
        NetworkConfig wanted = over(before);
        if (wanted.wan() != before.wan()) {
            throw immutable(
                    "wan_configure_network", before.wan().word(), wanted.wan().word());
        }
        if (wanted.lan() != before.lan()) {
            throw immutable(
                    "lan_configure_network", before.lan().word(), wanted.lan().word());
        }
        if (!wanted.interfaces().equals(before.interfaces())) {
            throw immutable("access_interfaces", words(before.interfaces()), words(wanted.interfaces()));
        }
        return before;
    }

    private static RuntimeException immutable(String field, String before, String wanted) {
        return new Problem(
                        "service.network-immutable",
                        CONFIG + field + " is " + before + " since the service's first import, and can't become "
                                + wanted + ".",
                        "Leave it out, which keeps it, or import a service of another name.")
                .asException();
    }

    private static String words(List<AccessInterface> interfaces) {
        return interfaces.isEmpty()
                ? "none"
                : String.join(
                        ", ",
                        interfaces.stream()
                                .map(i -> i.name()
                                        + i.label().map(l -> " (" + l + ")").orElse(""))
                                .toList());
    }

    /**
     * Where addresses come from then.
     *
     * @throws io.skerry.spec.ProblemException {@code input.contradiction}, {@code subnet.outside}
     */
    Optional<LanSubnet> over(Optional<LanSubnet> before, NetworkConfig config) {
        Optional<Subnet> whole = provided.over(before.map(LanSubnet::provided));
        Optional<Subnet> slices = template.over(before.flatMap(LanSubnet::template));
        Optional<Subnet> same = range.over(before.flatMap(LanSubnet::range));
        if (whole.isEmpty() && (slices.isPresent() || same.isPresent())) {
            throw contradiction(
                    "node_service_input." + (slices.isPresent() ? "dhcp_range_template" : "dhcp_range")
                            + " is a part of an access_provided_subnet, and there is none.",
                    "Give node_service_input.access_provided_subnet beside it.");
        }
        if (whole.isPresent() && config.lan() == NetworkMode.DISABLED) {
            throw contradiction(
                    "node_service_input.access_provided_subnet has no effect: " + CONFIG
                            + "lan_configure_network is disabled.",
                    "Set that to allocated or dhcp at the first import of the service.");
        }
        if (whole.isEmpty() && config.lan() == NetworkMode.DHCP) {
            throw contradiction(
                    CONFIG + "lan_configure_network is dhcp, and there are no addresses to give out.",
                    "Give node_service_input.access_provided_subnet.");
        }
        return whole.map(w -> new LanSubnet(w, slices, same));
    }

    private static RuntimeException contradiction(String message, String remedy) {
        return new Problem("input.contradiction", message, remedy).asException();
    }
}
