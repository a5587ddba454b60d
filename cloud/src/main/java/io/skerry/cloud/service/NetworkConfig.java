package io.skerry.cloud.service;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import io.skerry.spec.network.NetworkMode;
import java.util.List;
import java.util.Optional;

/**
 * {@code network_config} of a service, as its first import said and never otherwise.
 *
 * @param wan how the WAN side is configured
 * @param lan how the LAN side is configured
 * @param interfaces the device's interfaces that containers are joined to
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record NetworkConfig(NetworkMode wan, NetworkMode lan, List<AccessInterface> interfaces) {
    /** What a service has whose first import said nothing. */
    public static final NetworkConfig NONE = new NetworkConfig(NetworkMode.DISABLED, NetworkMode.DISABLED, List.of());

    public NetworkConfig {
        Required.field(wan, "wan");
        Required.field(lan, "lan");
        Required.field(interfaces, "interfaces");
        interfaces = List.copyOf(interfaces);
    }

    /**
     * One of the device's interfaces.
     *
     * @param name as the device calls it, for example {@code eth1}
     * @param label for people
     */
    @Json
    public record AccessInterface(String name, Optional<String> label) {
        public AccessInterface {
            Required.field(name, "name");
            Required.field(label, "label");
        }
    }
}
