package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import io.skerry.spec.status.Capabilities;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The networks of services, and the addresses of their instances. */
@Tag(TestDatabase.TAG)
class NetworkFieldsTest {
    private static final String LAN = "network_config: { lan_configure_network: dhcp }";
    private static final String SLICES =
            LAN + " access_provided_subnet: \"10.190.0.1/16\" dhcp_range_template: \"10.190.0.1/24\"";

    @TempDir
    Path folder;

    private final MemoryRegistry registry = new MemoryRegistry();
    private FleetFixture fleet;
    private String customer;
    private String node;

    @BeforeEach
    void open() {
        fleet = new FleetFixture(folder, registry, Set.of());
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "content"));
        customer = fleet.customer("north");
        node = networked(customer, "alpha");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private String networked(String customer, String name) {
        List<String> features = new ArrayList<>(FleetFixture.FEATURES);
        features.add("access-interfaces");
        return fleet.node(
                customer,
                name,
                new Capabilities(
                        1, Architecture.AMD64, List.of("runc"), List.of("disabled", "allocated", "dhcp"), features, 2));
    }

    private Map<String, @Nullable Object> imports(String customer, String name, String fields) {
        return fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "%s" %s }
                    image_sources: [{ arch: amd64, image_reference: "r.example/web:1" }] }) }
                """.formatted(customer, name, fields));
    }

    private String imported(String name, String fields) {
        return text(imports(customer, name, fields), "DM_import_node_service");
    }

    private Map<String, @Nullable Object> add(String service, String node) {
        return fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \""
                + node + "\") }");
    }

    private String added(String service) {
        return text(add(service, node), "DM_add_node_service_instance");
    }

    private void remove(String instance) {
        data(fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }"));
    }

    private Object lan(String instance) {
        Map<?, ?> found = (Map<?, ?>) data(fleet.ask("{ DM_get_node_service_instance(node_service_instance_id: \""
                        + instance + "\") { lan { address range own_range } } }"))
                .get("DM_get_node_service_instance");
        return Objects.requireNonNullElse(Objects.requireNonNull(found).get("lan"), "none");
    }

    private static Map<String, Object> own(String address, String range) {
        return Map.of("address", address, "range", range, "own_range", true);
    }

    private static String text(Map<String, @Nullable Object> answer, String field) {
        return Objects.requireNonNull(data(answer).get(field)).toString();
    }

    // --- network_config

    @Test
    void networkConfigOfTheDocumentationIsKeptAsTheFirstImportSaidIt() {
        String sniffer = """
                network_config: {
                  lan_configure_network: allocated
                  access_interfaces: [
                    {
                      name: "eth1"
                      label: "lan"
                    }
                  ]
                }
                """;
        String service = imported("sniffer", sniffer);
        imported("sniffer", "");
        imported("sniffer", sniffer);
        imported("sniffer", "network_config: { wan_configure_network: disabled }");

        assertThat(fleet.ask("""
                        { DM_get_node_service(node_service_id: "%s") { container_version
                            network_config { wan_configure_network lan_configure_network access_interfaces { name label } } } }
                        """.formatted(service)))
                .isEqualTo(Map.of(
                        "data",
                        Map.of(
                                "DM_get_node_service",
                                Map.of(
                                        "container_version",
                                        4L,
                                        "network_config",
                                        Map.of(
                                                "wan_configure_network",
                                                "disabled",
                                                "lan_configure_network",
                                                "allocated",
                                                "access_interfaces",
                                                List.of(Map.of("name", "eth1", "label", "lan")))))));
    }

    @Test
    void aLaterImportThatDiffersIsRefusedWithTheField() {
        imported("web", "network_config: { wan_configure_network: dhcp }");

        for (String[] other : new String[][] {
            {"wan_configure_network: allocated", "wan_configure_network is dhcp", "allocated"},
            {"lan_configure_network: allocated", "lan_configure_network is disabled", "allocated"},
            {"access_interfaces: [{name: \"eth1\"}]", "access_interfaces is none", "eth1"}
        }) {
            var refusal = imports(customer, "web", "network_config: { " + other[0] + " }");

            assertThat(code(refusal)).isEqualTo("service.network-immutable");
            assertThat(message(refusal)).contains("node_service_input.network_config." + other[1], other[2]);
        }
    }

    @Test
    void theAuditLogTellsWhichAddressesAnImportChanged() {
        imported("web", SLICES);
        imported("web", "dhcp_range_template: \"10.190.0.1/25\"");

        assertThat(data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                                + "\", take: 1) { entries { before after } } }"))
                        .toString()
                        .split("after", 2))
                .satisfiesExactly(
                        before -> assertThat(before)
                                .contains("\"lan_configure_network\":\"dhcp\"", "10.190.0.1/24")
                                .doesNotContain("10.190.0.1/25"),
                        after -> assertThat(after).contains("10.190.0.1/25").doesNotContain("10.190.0.1/24"));
    }

    @Test
    void aServiceThatBeganWithoutNetworksGetsNoneLater() {
        imported("web", "");

        assertThat(code(imports(customer, "web", LAN))).isEqualTo("service.network-immutable");
    }

    @Test
    void theDocumentedImportWithMetadataAloneMakesAVersionThatInheritsAllElse() {
        String service = imported("web", SLICES);
        String input = "mutation import_container_with_volume { DM_import_node_service(input: { customer_id: \""
                + customer + "\" %s metadata: { memory_limit_mb: 50"
                + " volumes: [ { source: \"data\" target: \"/data\" } ] } }) }";

        data(fleet.ask(input.formatted("node_service_id: \"" + service + "\"")));
        data(fleet.ask(input.formatted("node_service_input: { name: \"web\" }")));
        var unnamed = fleet.ask(input.formatted(""));

        assertThat(code(unnamed)).isEqualTo("service.unnamed");
        assertThat(unnamed.toString()).contains("node_service_input.name", "node_service_id");
        String found = data(fleet.ask("{ DM_get_node_service(node_service_id: \"" + service + "\") { container_image"
                        + " network_config { lan_configure_network } access_provided_subnet dhcp_range_template"
                        + " versions { versions { container_version memory_limit_mb images { digest } } } } }"))
                .toString();
        assertThat(found)
                .contains(
                        "container_image=r.example/web:1",
                        "lan_configure_network=dhcp",
                        "access_provided_subnet=10.190.0.1/16",
                        "dhcp_range_template=10.190.0.1/24");
        assertThat(found.split("container_version=3, memory_limit_mb=50, images=\\[\\{digest=sha256", -1))
                .hasSize(2);
    }

    @Test
    void aDeviceThatCannotConfigureNetworksIsRefusedTheServiceByTheField() {
        String simple = fleet.node(customer, "beta", Architecture.AMD64);
        String dhcp = imported("web", "network_config: { wan_configure_network: dhcp }");
        String sniffer = imported("sniffer", "network_config: { access_interfaces: [{name: \"eth1\"}] }");

        assertThat(code(add(dhcp, simple))).isEqualTo("capability.unsupported");
        assertThat(message(add(dhcp, simple))).contains("network_config.wan_configure_network: dhcp");
        assertThat(message(add(sniffer, simple))).contains("network_config.access_interfaces");
        assertThat(lan(added(dhcp))).isEqualTo("none");
    }

    // --- addresses

    @Test
    void eachInstanceHasARangeOfItsOwnForAsLongAsItIs() {
        String service = imported("web", SLICES);
        String first = added(service);
        String second = added(service);
        String third = added(service);

        assertThat(lan(first)).isEqualTo(own("10.190.0.1/16", "10.190.0.0/24"));
        assertThat(lan(second)).isEqualTo(own("10.190.1.1/16", "10.190.1.0/24"));
        remove(second);
        imported("web", "");
        assertThat(lan(third)).isEqualTo(own("10.190.2.1/16", "10.190.2.0/24"));
        assertThat(lan(added(service))).isEqualTo(own("10.190.1.1/16", "10.190.1.0/24"));
    }

    @Test
    void aDeviceThatIsRemovedGivesItsRangesBack() {
        String service = imported("web", SLICES);
        String other = networked(customer, "beta");
        data(add(service, other));

        data(fleet.ask("mutation { DM_remove_node(node_id: \"" + other + "\") }"));

        assertThat(lan(added(service))).isEqualTo(own("10.190.0.1/16", "10.190.0.0/24"));
    }

    @Test
    void servicesWhoseRangesOverlapShareThemWithoutAClash() {
        String wide = imported("wide", SLICES);
        String narrow = imported(
                "narrow", LAN + " access_provided_subnet: \"10.190.0.0/22\" dhcp_range_template: \"10.190.0.9/26\"");
        imported("shared", LAN + " access_provided_subnet: \"10.190.0.1/16\" dhcp_range: \"10.190.2.1/24\"");

        assertThat(lan(added(narrow))).isEqualTo(own("10.190.0.9/22", "10.190.0.0/26"));
        assertThat(lan(added(wide))).isEqualTo(own("10.190.1.1/16", "10.190.1.0/24"));
        assertThat(lan(added(wide))).isEqualTo(own("10.190.3.1/16", "10.190.3.0/24"));
    }

    @Test
    void anotherCustomerHasTheSameAddresses() {
        added(imported("web", SLICES));
        String other = fleet.customer("south");
        String theirs = text(imports(other, "web", SLICES), "DM_import_node_service");

        String instance = text(add(theirs, networked(other, "gamma")), "DM_add_node_service_instance");

        assertThat(lan(instance)).isEqualTo(own("10.190.0.1/16", "10.190.0.0/24"));
    }

    @Test
    void oneRangeForAllIsTheSameForEachInstance() {
        String service =
                imported("web", LAN + " access_provided_subnet: \"10.190.0.1/16\" dhcp_range: \"10.190.0.1/24\"");
        Map<String, Object> same = Map.of("address", "10.190.0.1/16", "range", "10.190.0.0/24", "own_range", false);

        assertThat(lan(added(service))).isEqualTo(same);
        assertThat(lan(added(service))).isEqualTo(same);
    }

    @Test
    void runningOutIsAnErrorWithItsFiguresAndAddsNothing() {
        String service = imported(
                "web", LAN + " access_provided_subnet: \"192.168.0.1/28\" dhcp_range_template: \"192.168.0.4/30\"");
        for (int i = 0; i < 3; i++) {
            added(service);
        }

        var refusal = add(service, node);

        assertThat(code(refusal)).isEqualTo("subnet.exhausted");
        assertThat(message(refusal)).contains("3 ranges of /30", "192.168.0.4", "192.168.0.15", "to 3 instances");
        assertThat(data(fleet.ask("{ DM_get_node_service_instances(customer_id: \"" + customer
                                + "\") { instances { lan { range } } } }"))
                        .toString()
                        .split("range="))
                .hasSize(4);
    }

    @Test
    void rangesChangeOnlyWhileNobodyHasAddressesOfThem() {
        String service = imported("web", SLICES);
        String instance = added(service);

        var refusal = imports(customer, "web", "dhcp_range_template: \"10.190.0.1/25\"");
        assertThat(code(refusal)).isEqualTo("service.subnet-used");
        assertThat(message(refusal)).contains("node_service_input.dhcp_range_template (10.190.0.1/24)", "1 instances");
        imported("web", SLICES);

        remove(instance);
        imported("web", "dhcp_range_template: null dhcp_range: \"10.190.7.0/24\"");
        assertThat(lan(added(service)))
                .isEqualTo(Map.of("address", "10.190.7.1/16", "range", "10.190.7.0/24", "own_range", false));
    }

    @Test
    void whatCannotBeIsRefusedWithItsField() {
        String[][] refused = {
            {LAN, "input.contradiction", "lan_configure_network is dhcp"},
            {LAN + " dhcp_range: \"10.190.0.1/24\"", "input.contradiction", "dhcp_range"},
            {"access_provided_subnet: \"10.190.0.1/16\"", "input.contradiction", "lan_configure_network"},
            {SLICES + " dhcp_range: \"10.190.0.1/24\"", "input.contradiction", "dhcp_range_template"},
            {
                LAN + " access_provided_subnet: \"10.190.0.1/16\" dhcp_range_template: \"10.191.0.1/24\"",
                "subnet.outside",
                "dhcp_range_template"
            },
            {
                LAN + " access_provided_subnet: \"10.190.0.1/24\" dhcp_range: \"10.190.0.1/16\"",
                "subnet.outside",
                "dhcp_range"
            },
            {LAN + " access_provided_subnet: \"10.190.0.1/33\"", "subnet.malformed", "access_provided_subnet"}
        };
        for (String[] one : refused) {
            var refusal = imports(customer, "web", one[0]);

            assertThat(code(refusal)).as(one[0]).isEqualTo(one[1]);
            assertThat(message(refusal)).contains(one[2]);
        }
    }

    @Test
    void aRangeForAllThatReachesIntoAnInstancesOwnIsRefused() {
        added(imported("web", SLICES));

        var refusal = imports(
                customer, "shared", LAN + " access_provided_subnet: \"10.190.0.1/16\" dhcp_range: \"10.190.0.64/26\"");

        assertThat(code(refusal)).isEqualTo("subnet.overlap");
        assertThat(message(refusal)).contains("10.190.0.64", "10.190.0.0", "10.190.0.255");
    }

    @Test
    void manyAtOnceNeverGetTheSameRange() throws InterruptedException, ExecutionException {
        String service = imported("web", SLICES);
        List<Object> ranges = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(threads.submit(() -> added(service)));
            }
            for (Future<String> one : all) {
                ranges.add(lan(one.get()));
            }
        }
        assertThat(ranges).doesNotHaveDuplicates().hasSize(40).contains(own("10.190.39.1/16", "10.190.39.0/24"));
    }
}
