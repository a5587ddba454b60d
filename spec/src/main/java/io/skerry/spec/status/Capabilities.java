package io.skerry.spec.status;

import io.avaje.jsonb.Json;
import io.skerry.spec.Architecture;
import io.skerry.spec.Required;
import java.util.List;

/**
 * What a device can do; the cloud refuses with words what a node can't.
 *
 * @param documentVersion the newest form of desired state that it reads
 * @param architecture whose images it runs
 * @param runtimes container runtimes that answer, for example {@code runc}
 * @param networkModes what {@code wan_configure_network} and {@code lan_configure_network} may be on it
 * @param features named abilities that came after the first version: {@code volumes}, {@code health-http}, …
 * @param cgroup 1 or 2; 0 where limits can't be enforced
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Capabilities(
        int documentVersion,
        Architecture architecture,
        List<String> runtimes,
        List<String> networkModes,
        List<String> features,
        int cgroup) {
    public Capabilities {
        Required.field(architecture, "architecture");
        Required.field(runtimes, "runtimes");
        Required.field(networkModes, "network_modes");
        Required.field(features, "features");
        runtimes = List.copyOf(runtimes);
        networkModes = List.copyOf(networkModes);
        features = List.copyOf(features);
    }
}
