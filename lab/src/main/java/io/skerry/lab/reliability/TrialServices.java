package io.skerry.lab.reliability;

import io.skerry.lab.FleetApi;
import io.skerry.lab.Lab;
import io.skerry.lab.PassingLab;
import io.skerry.lab.SampleImage;
import io.skerry.lab.SourceRegistry;
import io.skerry.spec.Architecture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sample's versions at a lab's control plane, and which of them an instance of it shall have. */
public final class TrialServices {
    private final Lab lab;
    private final FleetApi api;
    private final String customer;

    public TrialServices(PassingLab lab) {
        this.lab = lab.lab();
        this.api = lab.api();
        this.customer = api.firstCustomer();
    }

    /** This host's architecture, which its devices have too. */
    public static Architecture architecture() {
        return Architecture.ofJava(System.getProperty("os.arch")).orElseThrow();
    }

    /**
     * Imports sample images as versions of a service, in their order.
     *
     * @param metadata what differs from 32 MB, 3 s of probation and an HTTP check every second
     * @return the service's id
     */
    public String importVersions(String service, List<SampleImage> images, Map<String, ?> metadata) {
        SourceRegistry registry = lab.registry();
        registry.start();
        try {
            String id = "";
            for (SampleImage image : images) {
                id = importVersion(
                        service, registry.push(image, service, architecture()), registry.password(), metadata);
            }
            return id;
        } finally {
            registry.stop();
        }
    }

    private String importVersion(String service, String reference, String password, Map<String, ?> metadata) {
        Map<String, ?> health = Map.of(
                "http",
                Map.of("port", SampleImage.PORT),
                "interval_seconds",
                1,
                // An emulated machine needs a while to start the program that asks.
                "timeout_seconds",
                10,
                "retries",
                5);
        Map<String, Object> all = new HashMap<>(
                Map.of("memory_limit_mb", 32, "probation_seconds", 3, "stop_seconds", 2, "health", health));
        all.putAll(metadata);
        Map<String, ?> source = Map.of(
                "arch",
                architecture().word(),
                "image_reference",
                reference,
                "authn",
                Map.of("registry_user", SourceRegistry.USER, "registry_pw", password));
        return api.importService(Map.of(
                "customer_id",
                customer,
                "node_service_input",
                Map.of("name", service),
                "metadata",
                all,
                "image_sources",
                List.of(source)));
    }

    /** Keeps an instance at one version of its service. */
    public void pin(String instance, int version) {
        api.execute(
                "mutation($i: [ID!]!) { DM_update_node_service_instance_rollout_config(node_service_instance_ids: $i,"
                        + " version_target_selector: { value: \"version:" + version + "\" }) }",
                Map.of("i", List.of(instance)));
    }

    public FleetApi.Instance instance(String id) {
        return api.instances(customer).stream()
                .filter(i -> i.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
