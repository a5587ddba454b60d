package io.skerry.cloud.service;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.cloud.subnet.AddressBlock;
import io.skerry.cloud.subnet.LanSubnet;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import io.skerry.spec.network.NetworkMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The networks of all versions of a service; the JSON in {@code services.network}.
 *
 * @param config set by the first import
 * @param lan where its instances' addresses come from; changes only while there are no instances
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record NetworkSettings(NetworkConfig config, Optional<LanSubnet> lan) {
    /** No networks. */
    public static final NetworkSettings NONE = new NetworkSettings(NetworkConfig.NONE, Optional.empty());

    /** As it stands in the database. */
    public static final JsonType<NetworkSettings> JSON = Wire.lenient(NetworkSettings.class);

    public NetworkSettings {
        Required.field(config, "config");
        Required.field(lan, "lan");
    }

    /** From its column in the database. */
    public static NetworkSettings read(Optional<String> json) {
        return json.map(JSON::fromJson).orElse(NONE);
    }

    /** What the audit log tells, by the words of the import. */
    Map<String, Object> told() {
        Map<String, Object> told = new TreeMap<>();
        told.put("wan_configure_network", config.wan().word());
        told.put("lan_configure_network", config.lan().word());
        told.put(
                "access_interfaces",
                config.interfaces().stream()
                        .map(NetworkConfig.AccessInterface::name)
                        .toList());
        lan.ifPresent(l -> {
            told.put("access_provided_subnet", l.provided().toString());
            l.template().ifPresent(t -> told.put("dhcp_range_template", t.toString()));
            l.range().ifPresent(r -> told.put("dhcp_range", r.toString()));
        });
        return told;
    }

    /** The addresses that each instance of the service has alike, which no other service's slice may reach into. */
    Optional<AddressBlock> shared() {
        return lan.flatMap(l -> l.shared(config.lan() == NetworkMode.DHCP));
    }
}
