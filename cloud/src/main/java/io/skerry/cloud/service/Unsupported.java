package io.skerry.cloud.service;

import io.skerry.spec.Problem;
import java.util.List;

/** Refuses what the API has words for but no device can do yet: nothing accepted is ever without effect. */
final class Unsupported {
    private Unsupported() {}

    /** @throws io.skerry.spec.ProblemException {@code capability.unsupported}, naming the field */
    static void refuse(Input service) {
        if (Boolean.TRUE.equals(service.fields().get("access_gpsd_enabled"))) {
            throw refusal(service.name("access_gpsd_enabled"), "Leave it out, or set it to false.");
        }
        for (String field : List.of("access_provided_subnet", "dhcp_range_template", "dhcp_range")) {
            if (service.has(field)) {
                throw refusal(service.name(field), "Leave it out.");
            }
        }
        service.object("network_config").ifPresent(Unsupported::refuseNetwork);
    }

    private static void refuseNetwork(Input network) {
        for (String field : List.of("wan_configure_network", "lan_configure_network")) {
            if (network.has(field) && !network.text(field).equals("disabled")) {
                throw refusal(network.name(field), "Set it to disabled, or leave it out.");
            }
        }
        if (network.fields().get("access_interfaces") instanceof List<?> interfaces && !interfaces.isEmpty()) {
            throw refusal(network.name("access_interfaces"), "Leave it out.");
        }
    }

    private static RuntimeException refusal(String field, String remedy) {
        return new Problem("capability.unsupported", "This version can't do what " + field + " asks for.", remedy)
                .asException();
    }
}
