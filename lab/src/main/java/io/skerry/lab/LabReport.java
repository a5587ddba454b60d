package io.skerry.lab;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import java.util.List;

/**
 * What runs in a lab, for scripts and for people.
 *
 * @param graphqlUrl the fleet API
 * @param deviceUrl where devices reach the control plane
 * @param registryUrl the control plane's own registry endpoint, without a path
 * @param caFile the certificate authority's certificate, PEM
 * @param apiKey a key of the whole installation; a secret
 * @param customerId the customer that the lab uses
 * @param missing why there are no devices; empty when nothing is missing
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record LabReport(
        String graphqlUrl,
        String deviceUrl,
        String registryUrl,
        String caFile,
        String apiKey,
        String customerId,
        List<Node> nodes,
        List<Service> services,
        String missing) {
    private static final JsonType<LabReport> JSON = Wire.lenient(LabReport.class);

    public LabReport {
        Required.field(nodes, "nodes");
        Required.field(services, "services");
        nodes = List.copyOf(nodes);
        services = List.copyOf(services);
    }

    /** A virtual device. */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Node(String nodeId, String name, String namespace, String dataDir) {}

    /** A service with its instances. */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Service(String nodeServiceId, String name, List<Instance> instances) {
        public Service {
            instances = List.copyOf(instances);
        }
    }

    /** An instance and how it is; the version is 0 while none runs. */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Instance(
            String nodeServiceInstanceId, String nodeId, String nodeName, String state, int runningVersion) {}

    /** As one JSON object. */
    public String json() {
        return JSON.toJson(this);
    }

    @Override
    public String toString() {
        return "LabReport[" + graphqlUrl + "]";
    }
}
