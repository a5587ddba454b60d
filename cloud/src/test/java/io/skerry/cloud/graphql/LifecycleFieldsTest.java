package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.node.DeviceStatuses;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.VolumeReports;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When containers are started, started again and replaced, as operators say it and see it. */
@Tag(TestDatabase.TAG)
class LifecycleFieldsTest {
    private final MemoryRegistry registry = new MemoryRegistry();
    private final FleetFixture fleet;
    private final String customer;
    private final String node;

    LifecycleFieldsTest(@TempDir Path root) {
        fleet = new FleetFixture(root, registry, Set.of());
        customer = fleet.customer("acme");
        node = fleet.node(customer, "gate-1", Architecture.AMD64);
        registry.push("your-image", "latest", TestImage.of(Architecture.AMD64, "one"));
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private Map<String, @Nullable Object> imports(String name, String metadata) {
        return fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s"
                    node_service_input: { name: "%s" }
                    image_sources: [{arch: amd64, image_reference: "registry.example/your-image:latest"}]
                    metadata: { %s } }) }
                """.formatted(customer, name, metadata));
    }

    private String imported(String name, String metadata) {
        return value(imports(name, metadata), "DM_import_node_service").toString();
    }

    private Map<String, @Nullable Object> adds(String service, String onNode) {
        return fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"%s\", node_id: \"%s\") }"
                .formatted(service, onNode));
    }

    private String added(String service) {
        return value(adds(service, node), "DM_add_node_service_instance").toString();
    }

    private static Object value(Map<String, @Nullable Object> answer, String field) {
        return Objects.requireNonNull(data(answer).get(field), field);
    }

    private Container told(String instance) {
        String workload =
                fleet.storage.read(h -> h.createQuery("SELECT workload FROM desired_states WHERE node_id = :id")
                        .bind("id", node)
                        .mapTo(String.class)
                        .one());
        Workload read = Documents.WORKLOAD.fromJson(workload);
        return Objects.requireNonNull(read.containers().get(instance));
    }

    @Test
    void theDocumentationsExampleIsImportedAndReadBack() {
        imported("broker", "group: \"platform\"");
        String service = imported("recorder", """
                group: "platform"
                status_goal: READY
                update_scope: container
                after: ["broker"]
                restart: unless_stopped
                recovery: { max_retries: 5 retry_delay_seconds: 5 exhausted: reboot }
                update: {
                  strategy: hand_over
                  pre_update: { command: ["/usr/bin/recorder", "flush"] timeout_seconds: 20 }
                  hand_over: { command: ["/usr/bin/recorder", "release"] }
                  lock_seconds: 3600
                }
                volumes: [{ source: "data" target: "/data" shareable: true snapshot: true }]
                """);
        Object found = value(fleet.ask("""
                { DM_get_node_service(node_service_id: "%s") { versions { versions { restart group status_goal update_scope after
                    recovery { max_retries retry_delay_seconds backoff_factor most_delay_seconds stable_seconds exhausted
                        pause_seconds }
                    update { strategy pre_update { command timeout_seconds } post_update { timeout_seconds }
                        hand_over { command timeout_seconds } lock_seconds }
                    volumes { source target shareable snapshot } } } } }
                """.formatted(service)), "DM_get_node_service");

        assertThat(found.toString())
                .isEqualTo("{versions={versions=[{restart=unless-stopped, group=platform, status_goal=READY,"
                        + " update_scope=container, after=[broker], recovery={max_retries=5, retry_delay_seconds=5,"
                        + " backoff_factor=2, most_delay_seconds=60, stable_seconds=60, exhausted=reboot,"
                        + " pause_seconds=0}, update={strategy=hand-over, pre_update={command=[/usr/bin/recorder,"
                        + " flush], timeout_seconds=20}, post_update=null, hand_over={command=[/usr/bin/recorder,"
                        + " release], timeout_seconds=30}, lock_seconds=3600}, volumes=[{source=data, target=/data,"
                        + " shareable=true, snapshot=true}]}]}}");
    }

    @Test
    void aContainerIsToldToWaitForTheInstancesOnItsOwnNode() {
        String broker = imported("broker", "memory_limit_mb: 64");
        String one = added(broker);
        String two = added(broker);
        String other = fleet.node(customer, "gate-2", Architecture.AMD64);
        data(adds(broker, other));

        String recorder = added(imported("recorder", "after: [\"broker\"]"));

        assertThat(told(recorder).membership().map(Membership::after)).contains(List.of(one, two));
        assertThat(told(one).membership())
                .as("who says nothing is told nothing")
                .isEmpty();
    }

    @Test
    void aDeviceWithoutTheServiceInQuestionIsRefusedTheInstance() {
        imported("broker", "memory_limit_mb: 64");
        var answer = adds(imported("recorder", "after: [\"broker\"]"), node);
        assertThat(code(answer)).isEqualTo("instance.after-missing");
        assertThat(message(answer)).contains("'recorder'", "'broker'", "has no instance of it");
    }

    @Test
    void whatAnotherWaitsForIsNotTakenAwayAlone() {
        String broker = added(imported("broker", "memory_limit_mb: 64"));
        String recorder = added(imported("recorder", "after: [\"broker\"]"));
        String removing = "mutation { DM_remove_node_service_instances(node_service_instance_ids: [%s]) }";

        var answer = fleet.ask(removing.formatted("\"" + broker + "\""));
        assertThat(code(answer)).isEqualTo("instance.needed");
        assertThat(message(answer)).contains("'recorder'", "'broker'");
        assertThat(fleet.instances.find(broker)).isPresent();

        data(fleet.ask(removing.formatted("\"" + broker + "\", \"" + recorder + "\"")));
        assertThat(fleet.instances.find(broker)).isEmpty();
    }

    @Test
    void anOrderThatCannotBeKeptIsRefusedAtImport() {
        assertThat(code(imports("web", "after: [\"nothing\"]"))).isEqualTo("service.after-unknown");
        assertThat(code(imports("web", "after: [\"web\"]"))).isEqualTo("service.after-cycle");
        imported("a", "memory_limit_mb: 64");
        imported("b", "after: [\"a\"]");
        imported("c", "after: [\"b\"]");
        var circle = imports("a", "after: [\"c\"]");
        assertThat(code(circle)).isEqualTo("service.after-cycle");
        assertThat(message(circle)).contains("a → c → b → a");
        var strange = imports("d", "group: \"root\" after: [\"a\"]");
        assertThat(code(strange)).isEqualTo("service.after-group");
        assertThat(message(strange)).contains("metadata.after[0]", "'app'", "'root'");
        assertThat(fleet.services.named(customer, "d")).isEmpty();
        assertThat(fleet.services.named(customer, "a").orElseThrow().latestVersion())
                .isEqualTo(1);
    }

    @Test
    void anOverlapWithAVolumeThatIsNotSharedIsRefusedBeforeAnyImageIsPulled() {
        var answer = imports(
                "web", "update: { strategy: start_then_stop } volumes: [{ source: \"data\" target: \"/data\" }]");
        assertThat(code(answer)).isEqualTo("input.contradiction");
        assertThat(message(answer)).contains("metadata.volumes[0]", "'data'", "start-then-stop");
        assertThat(registry.asked()).isZero();
    }

    @Test
    void aDeviceThatCannotHonourASettingIsRefusedByTheSettingsName() {
        String old = fleet.node(
                customer,
                "old",
                new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of("volumes"), 2));
        int number = 0;
        for (var wanted : Map.of(
                        "group: \"app\"", "metadata.group",
                        "update_scope: system", "metadata.update_scope",
                        "recovery: { max_retries: 3 }", "metadata.recovery",
                        "restart: unless_stopped", "metadata.restart",
                        "update: { lock_seconds: 5 }", "metadata.update",
                        "volumes: [{ source: \"a\" target: \"/a\" snapshot: true }]", "metadata.volumes")
                .entrySet()) {
            number++;
            var answer = adds(imported("s" + number, wanted.getKey()), old);
            assertThat(code(answer)).as(wanted.getKey()).isEqualTo("capability.unsupported");
            assertThat(message(answer)).contains(wanted.getValue());
        }
        String wordless = fleet.node(
                customer,
                "wordless",
                new Capabilities(
                        1, Architecture.AMD64, List.of("runc"), List.of(), List.of("groups", "health-tcp"), 2));
        var answer = adds(imported("word", "status_goal: READY"), wordless);
        assertThat(message(answer)).contains("ready-word");
        data(adds(imported("checked", "status_goal: READY health: { tcp: { port: 80 } }"), wordless));
    }

    @Test
    void aNodeTellsWhatItIsDoingAndWhatWasDoneAboutVolumes() {
        String instance = added(imported("recorder", "volumes: [{ source: \"a\" target: \"/a\" snapshot: true }]"));
        fleet.statuses.reported(node, putOff(instance));

        Object found = value(fleet.ask("""
                { DM_get_node(node_id: "%s") { phase step last_outcome { result volumes { container service_name volume
                    method bytes taken_at restored_at } } given_up { revision container service_name volume taken_at
                    restored_at } } }
                """.formatted(node)), "DM_get_node");

        assertThat(found.toString())
                .isEqualTo("{phase=put-off, step=recorder holds its update lock, last_outcome={result=rolled-back,"
                        + " volumes=[{container=" + instance + ", service_name=recorder, volume=a, method=reflink,"
                        + " bytes=0, taken_at=1000, restored_at=43000}, {container=gone, service_name=null, volume=b,"
                        + " method=copy, bytes=17, taken_at=1000, restored_at=null}]}, given_up=[{revision=2, container="
                        + instance + ", service_name=recorder, volume=a, taken_at=1000, restored_at=43000},"
                        + " {revision=1, container=gone, service_name=null, volume=b, taken_at=5, restored_at=6}]}");
    }

    private static DeviceStatus putOff(String instance) {
        var kept = new VolumeReports(List.of(
                new VolumeReports.Report(instance, "a", VolumeReports.Method.REFLINK, 0, 1000, Optional.of(43_000L)),
                new VolumeReports.Report("gone", "b", VolumeReports.Method.COPY, 17, 1000, Optional.empty())));
        var outcome = new Outcome(
                2, Digest.of(new byte[] {1}), Outcome.Result.ROLLED_BACK, Optional.empty(), Optional.of(kept));
        return DeviceStatuses.of(
                new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), FleetFixture.FEATURES, 2),
                new RevisionStatus(
                        1,
                        Optional.of(3),
                        RevisionStatus.Phase.PUT_OFF,
                        Optional.of(outcome),
                        List.of(),
                        Optional.of(instance + " holds its update lock"),
                        Optional.empty(),
                        Optional.of(new GivenUp(List.of(
                                new GivenUp.Interval(2, instance, "a", 1000, 43_000),
                                new GivenUp.Interval(1, "gone", "b", 5, 6))))),
                DeviceStatuses.running(instance, new ServiceVersion("s", "recorder", 1), Digest.of(new byte[] {1})));
    }
}
