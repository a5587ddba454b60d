package io.skerry.cloud.service;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.cloud.subnet.AddressBlock;
import io.skerry.cloud.subnet.LanSubnet;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import io.skerry.spec.network.NetworkMode;
import java.util.Optional;

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

    /** The addresses that each instance of the service has alike, which no other service's slice may reach into. */
    Optional<AddressBlock> shared() {
        return lan.flatMap(l -> l.shared(config.lan() == NetworkMode.DHCP));
    }
}
