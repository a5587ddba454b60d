package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.node.DeviceStatuses;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.Contents;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** API keys that instances find in their containers. */
@Tag(TestDatabase.TAG)
class InjectedKeysTest {
    private static final String PATH = "/run/secrets/skerry-api-key";

    @TempDir
    Path folder;

    private FleetFixture fleet;
    private String customer;
    private String node;
    private String service;
    private String instance;

    @BeforeEach
    void open() {
        fleet = new FleetFixture(folder, new MemoryRegistry(), Set.of());
        customer = fleet.customer("north");
        node = fleet.node(customer, "alpha", Architecture.AMD64);
        service = Sample.service(fleet, customer, "web", 1);
        instance = added();
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private String added() {
        return text(
                fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \""
                        + node + "\") }"),
                "DM_add_node_service_instance");
    }

    private static String text(Map<String, @Nullable Object> answer, String field) {
        return Objects.requireNonNull(data(answer).get(field)).toString();
    }

    private static String injection(String instance, String more) {
        return "mutation { DM_inject_api_key(node_service_instance_id: \"" + instance + "\"" + more + ") }";
    }

    private String injected(String more) {
        return text(fleet.ask(injection(instance, more)), "DM_inject_api_key");
    }

    private Map<String, @Nullable Object> rotating(String id, String more) {
        return fleet.ask("mutation { DM_rotate_injected_api_key(injected_api_key_id: \"" + id + "\"" + more + ") }");
    }

    private Map<String, @Nullable Object> removing(String id) {
        return fleet.ask("mutation { DM_remove_injected_api_key(injected_api_key_id: \"" + id + "\") }");
    }

    private String listed() {
        return text(
                fleet.ask("{ DM_get_injected_api_keys(node_service_instance_id: \"" + instance
                        + "\") { path mode role whole_customer rotate_minutes overlap_minutes api_key_id earlier {"
                        + " api_key_id good_until } } }"),
                "DM_get_injected_api_keys");
    }

    private DesiredState told() {
        return Documents.DESIRED_STATE.fromJson(
                fleet.desired.document(node).orElseThrow().body());
    }

    /** What the container finds in the file. */
    private String secret() {
        ConfigFile file = Objects.requireNonNull(told().workload().containers().get(instance))
                .config()
                .orElseThrow()
                .files()
                .getFirst();
        assertThat(file.path()).isEqualTo(PATH);
        byte[] content = told().contents().map(Contents::verified).orElseThrow().get(file.digest());
        return new String(Objects.requireNonNull(content), StandardCharsets.UTF_8);
    }

    private Optional<Caller> caller(String secret) {
        return fleet.keys.authenticate("apikey " + secret);
    }

    private boolean good(String secret) {
        return caller(secret).isPresent();
    }

    /** The device has taken up all that it was told, without this instance's container when that failed. */
    private void takenUp(boolean without) {
        Digest workload = Digest.of(Documents.WORKLOAD.toJsonBytes(told().workload()));
        List<HeldBack> heldBack = without
                ? List.of(new HeldBack(
                        instance,
                        new ServiceVersion(service, "web", 1),
                        Outcome.Result.ROLLED_BACK,
                        Reason.of(new Problem("container.exited", "It ended."))))
                : List.of();
        fleet.statuses.reported(
                node,
                DeviceStatuses.of(
                        new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), FleetFixture.FEATURES, 2),
                        new RevisionStatus(
                                2,
                                Optional.empty(),
                                RevisionStatus.Phase.IDLE,
                                Optional.of(new Outcome(
                                        2, workload, Outcome.Result.COMMITTED, Optional.empty(), Optional.empty())),
                                heldBack,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())));
    }

    // --- what it is good for

    @Test
    void theKeyWorksForItsRoleAndFailsForOthers() {
        injected(", role: deployer, whole_customer: true");
        Caller container = caller(secret()).orElseThrow();

        data(fleet.askAs(container, "{ DM_get_nodes(customer_id: \"" + customer + "\") { nodes { name } } }"));
        assertThat(code(fleet.askAs(
                        container, "mutation { DM_create_claim_token(customer_id: \"" + customer + "\") }")))
                .isEqualTo("authorization.role");
        assertThat(code(fleet.askAs(
                        container,
                        "{ DM_get_nodes(customer_id: \"" + fleet.customer("south") + "\") { nodes { name } } }")))
                .isEqualTo("customer.unknown");
    }

    @Test
    void unlessMoreIsAskedItIsAViewersOfTheDeviceAlone() {
        injected("");
        Caller container = caller(secret()).orElseThrow();

        assertThat(container.role()).isEqualTo(Role.VIEWER);
        assertThat(data(fleet.askAs(container, "{ DM_get_node(node_id: \"" + node + "\") { name } }")) + "")
                .contains("alpha");
        assertThat(code(fleet.askAs(
                        container, "{ DM_get_nodes(customer_id: \"" + customer + "\") { nodes { name } } }")))
                .isEqualTo("customer.unknown");
    }

    @Test
    void theFileIsReadOnlyForTheContainerAndSaysTheKeyAlone() {
        injected(", mode: \"0440\"");

        assertThat(secret()).matches("skk_[A-Za-z0-9_-]{43}");
        assertThat(Objects.requireNonNull(told().workload().containers().get(instance))
                        .config()
                        .orElseThrow()
                        .files()
                        .getFirst()
                        .mode())
                .isEqualTo(0440);
    }

    @Test
    void nobodyIsShownIt() {
        injected("");
        String secret = secret();

        assertThat(listed())
                .contains("path=" + PATH, "mode=0400", "role=viewer", "whole_customer=false", "earlier=[]")
                .doesNotContain("skk_");
        assertThat(text(
                        fleet.ask("{ Authz_get_api_keys(customer_id: \"" + customer
                                + "\") { api_keys { api_key_id name role node_service_instance_id } } }"),
                        "Authz_get_api_keys"))
                .contains("node_service_instance_id=" + instance)
                .doesNotContain("skk_");
        assertThat(text(
                        fleet.ask("{ DM_get_node_service_instance_config(node_service_instance_id: \"" + instance
                                + "\") { path secret content_base64 digest } }"),
                        "DM_get_node_service_instance_config"))
                .contains("content_base64=null", "digest=null");
        for (String table : List.of(
                "instance_files", "desired_states", "audit_log", "api_keys", "injected_keys", "injected_key_turns")) {
            assertThat(fleet.storage
                            .read(h -> h.createQuery("SELECT * FROM " + table)
                                    .mapToMap()
                                    .list())
                            .toString())
                    .as(table)
                    .isNotEqualTo("[]")
                    .doesNotContain(secret);
        }
    }

    private String audited() {
        return data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                        + "\") { entries { operation actor_kind } } }"))
                + "";
    }

    @Test
    void everyChangeLeavesALine() {
        String id = injected("");
        data(rotating(id, ", overlap_minutes: 0"));
        data(fleet.ask(
                "mutation { DM_update_injected_api_key(injected_api_key_id: \"" + id + "\", rotate_minutes: 60) }"));
        data(removing(id));

        assertThat(audited())
                .contains(
                        "operation=DM_inject_api_key",
                        "operation=Authz_create_api_key",
                        "operation=DM_rotate_injected_api_key",
                        "operation=Authz_revoke_api_key",
                        "operation=DM_update_injected_api_key",
                        "operation=DM_remove_injected_api_key");
    }

    // --- what it goes with

    @Test
    void itIsRevokedWithTheInstance() {
        injected("");
        String secret = secret();

        data(fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }"));

        assertThat(good(secret)).isFalse();
    }

    @Test
    void itIsRevokedWithTheDevice() {
        injected(", whole_customer: true");
        String secret = secret();

        data(fleet.ask("mutation { DM_remove_node(node_id: \"" + node + "\") }"));

        assertThat(good(secret)).isFalse();
    }

    @Test
    void itIsRevokedWithAnInstanceThatGoesBecauseItsDeviceLeavesAGroup() {
        data(fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }"));
        String trains = text(
                fleet.ask("mutation { Authz_create_group(customer_id: \"" + customer + "\", name: \"trains\") }"),
                "Authz_create_group");
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: \"" + trains + "\") }"));
        data(fleet.ask("mutation { DM_add_group_node_service(group_id: \"" + trains + "\", node_service_id: \""
                + service + "\") }"));
        instance = told().workload().containers().keySet().iterator().next();
        injected("");
        String secret = secret();

        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: null) }"));

        assertThat(good(secret)).isFalse();
    }

    @Test
    void itIsRevokedAndGoneOnceItIsRemoved() {
        String id = injected("");
        String secret = secret();
        data(rotating(id, ""));
        String second = secret();

        data(removing(id));

        assertThat(good(secret)).isFalse();
        assertThat(good(second)).isFalse();
        assertThat(told().contents()).isEmpty();
        assertThat(listed()).isEqualTo("[]");
        assertThat(code(removing(id))).isEqualTo("injected-key.unknown");
    }

    // --- rotation

    @Test
    void anEarlierKeyIsGoodUntilTheDeviceHasTakenUpTheNextOne() {
        String id = injected("");
        takenUp(false);
        String first = secret();

        data(rotating(id, ""));
        String second = secret();
        fleet.rotation.keepUp();

        assertThat(second).isNotEqualTo(first);
        assertThat(good(first)).isTrue();
        assertThat(good(second)).isTrue();

        takenUp(false);
        fleet.rotation.keepUp();

        assertThat(good(first)).isFalse();
        assertThat(good(second)).isTrue();
        assertThat(listed()).contains("earlier=[]");
    }

    @Test
    void aContainerThatKeptItsOldFormKeepsItsKey() {
        String id = injected("");
        String first = secret();
        data(rotating(id, ""));

        takenUp(true);
        fleet.rotation.keepUp();

        assertThat(good(first)).isTrue();
    }

    @Test
    void aKeyThatSomebodyRevokedIsNotMadeAnewByItself() {
        injected(", rotate_minutes: 60");
        takenUp(false);
        String first = secret();
        fleet.keys.revoke(caller(first).orElseThrow().apiKeyId(), FleetFixture.TESTER);

        fleet.later(Duration.ofMinutes(61));
        fleet.rotation.keepUp();

        assertThat(secret()).isEqualTo(first);
        assertThat(good(first)).isFalse();
    }

    @Test
    void anEarlierKeyIsRevokedAtItsLimitWhetherTheDeviceIsThereOrNot() {
        String id = injected(", overlap_minutes: 120");
        String first = secret();
        data(rotating(id, ""));

        fleet.later(Duration.ofMinutes(119));
        fleet.rotation.keepUp();
        assertThat(good(first)).isTrue();

        fleet.later(Duration.ofMinutes(2));
        fleet.rotation.keepUp();
        assertThat(good(first)).isFalse();
        assertThat(good(secret())).isTrue();
    }

    @Test
    void withoutOverlapWhateverWasGoodBeforeIsRevokedAtOnce() {
        String id = injected("");
        String first = secret();
        data(rotating(id, ""));
        String second = secret();

        data(rotating(id, ", overlap_minutes: 0"));

        assertThat(good(first)).isFalse();
        assertThat(good(second)).isFalse();
        assertThat(good(secret())).isTrue();
    }

    @Test
    void itIsRotatedByItselfWhenItsTimeHasComeAndOnlyOnceUntilTheDeviceHasTakenItUp() {
        injected(", rotate_minutes: 1440, overlap_minutes: 500000");
        takenUp(false);
        String first = secret();
        fleet.later(Duration.ofHours(23));
        fleet.rotation.keepUp();
        assertThat(secret()).isEqualTo(first);

        fleet.later(Duration.ofHours(2));
        fleet.rotation.keepUp();
        String second = secret();
        assertThat(second).isNotEqualTo(first);
        assertThat(audited()).contains("operation=injected-key.rotated, actor_kind=control-plane");

        fleet.later(Duration.ofDays(30));
        fleet.rotation.keepUp();
        assertThat(secret()).as("the device is away").isEqualTo(second);
        assertThat(good(first)).isTrue();

        takenUp(false);
        fleet.rotation.keepUp();
        assertThat(good(first)).isFalse();
        assertThat(secret()).as("its time has come again").isNotEqualTo(second);
    }

    @Test
    void howItIsRotatedCanBeChanged() {
        String id = injected(", rotate_minutes: 1440");
        data(fleet.ask(
                "mutation { DM_update_injected_api_key(injected_api_key_id: \"" + id + "\", overlap_minutes: 30) }"));
        assertThat(listed()).contains("rotate_minutes=1440, overlap_minutes=30");

        data(fleet.ask(
                "mutation { DM_update_injected_api_key(injected_api_key_id: \"" + id + "\", rotate_minutes: null) }"));
        assertThat(listed()).contains("rotate_minutes=null, overlap_minutes=30");
        String first = secret();
        fleet.later(Duration.ofDays(300));
        fleet.rotation.keepUp();
        assertThat(secret()).isEqualTo(first);
    }

    @Test
    void aDisabledInstanceKeepsTheKeyThatItHas() {
        String id = injected(", rotate_minutes: 60");
        String first = secret();
        data(fleet.ask("mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\""
                + instance + "\"], version_target_selector: {value: \"disabled\"}) }"));

        assertThat(code(rotating(id, ""))).isEqualTo("injected-key.disabled");
        fleet.later(Duration.ofHours(2));
        fleet.rotation.keepUp();

        assertThat(good(first)).isTrue();
        assertThat(secret()).isEqualTo(first);
    }

    @Test
    void aDeviceThatIsAwayGathersNoKeysWithoutEnd() {
        String id = injected("");
        for (int i = 0; i < 9; i++) {
            data(rotating(id, ""));
        }

        assertThat(code(rotating(id, ""))).isEqualTo("injected-key.too-many");
        data(rotating(id, ", overlap_minutes: 0"));
        data(rotating(id, ""));
    }

    // --- what is refused

    @Test
    void nobodyHasAKeyMadeThatMayDoMoreOrIsGoodForMoreOrLongerThanHisOwn() {
        Caller operator = made("operator", "");
        Caller ofDevice = made("admin", ", node_id: \"" + node + "\"");
        Caller shortly = made("operator", ", valid_minutes: 60");

        assertThat(code(fleet.askAs(operator, injection(instance, ", role: deployer"))))
                .isEqualTo("authorization.role");
        assertThat(code(fleet.askAs(operator, injection(instance, ", whole_customer: true"))))
                .isEqualTo("authorization.role");
        assertThat(code(fleet.askAs(ofDevice, injection(instance, ", whole_customer: true"))))
                .isEqualTo("api-key.out-of-bounds");
        assertThat(code(fleet.askAs(shortly, injection(instance, "")))).isEqualTo("api-key.out-of-bounds");
        assertThat(listed()).isEqualTo("[]");
        data(fleet.askAs(ofDevice, injection(instance, ", role: operator")));
    }

    @Test
    void nobodyRotatesOrChangesAKeyThatHeCouldNotHaveMade() {
        Caller operator = made("operator", "");
        String id = injected(", role: operator");

        assertThat(code(fleet.askAs(
                        operator, "mutation { DM_rotate_injected_api_key(injected_api_key_id: \"" + id + "\") }")))
                .isEqualTo("authorization.role");
    }

    private Caller made(String role, String more) {
        String secret = text(
                fleet.ask("mutation { Authz_create_api_key(customer_id: \"" + customer + "\", name: \"o\", role: "
                        + role + more + ") }"),
                "Authz_create_api_key");
        return caller(secret).orElseThrow();
    }

    @Test
    void anotherCustomersInstancesAndKeysAreAsIfAbsent() {
        String id = injected("");
        String south = fleet.customer("south");

        assertThat(code(fleet.askAs(south, injection(instance, "")))).isEqualTo("instance.unknown");
        for (String change : List.of("rotate", "update", "remove")) {
            assertThat(code(fleet.askAs(
                            south,
                            "mutation { DM_" + change + "_injected_api_key(injected_api_key_id: \"" + id + "\") }")))
                    .as(change)
                    .isEqualTo("injected-key.unknown");
        }
        assertThat(code(fleet.askAs(
                        south,
                        "{ DM_get_injected_api_keys(node_service_instance_id: \"" + instance + "\") { path } }")))
                .isEqualTo("instance.unknown");
    }

    @Test
    void itsFileIsItsOwn() {
        data(fleet.ask(setting("/etc/app.conf")));
        injected("");

        assertThat(code(fleet.ask(setting(PATH)))).isEqualTo("config.injected");
        assertThat(code(fleet.ask("mutation { DM_remove_node_service_instance_config(node_service_instance_id: \""
                        + instance + "\", paths: [\"" + PATH + "\"]) }")))
                .isEqualTo("config.injected");
        assertThat(code(fleet.ask(injection(instance, "")))).isEqualTo("config.exists");
        assertThat(code(fleet.ask(injection(instance, ", path: \"/etc/app.conf\""))))
                .isEqualTo("config.exists");
        assertThat(code(fleet.ask(injection(instance, ", path: \"/etc/app.conf/key\""))))
                .isEqualTo("config.clash");
        injected(", path: \"/run/secrets/second\"");
    }

    private String setting(String path) {
        return "mutation { DM_set_node_service_instance_config(node_service_instance_id: \"" + instance
                + "\", files: [{path: \"" + path + "\", content: \"a\"}]) }";
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(code(fleet.ask(injection(instance, ", rotate_minutes: 59"))))
                .isEqualTo("injected-key.out-of-bounds");
        assertThat(code(fleet.ask(injection(instance, ", rotate_minutes: 9223372036854775807"))))
                .isEqualTo("injected-key.out-of-bounds");
        assertThat(code(fleet.ask(injection(instance, ", overlap_minutes: -1"))))
                .isEqualTo("injected-key.out-of-bounds");
        assertThat(code(fleet.ask(injection(instance, ", overlap_minutes: 527041"))))
                .isEqualTo("injected-key.out-of-bounds");
        assertThat(code(fleet.ask(injection(instance, ", path: \"etc/key\"")))).isEqualTo("input.malformed");
        assertThat(code(fleet.ask(injection(instance, ", path: \"/proc/key\""))))
                .isEqualTo("input.malformed");
        assertThat(code(fleet.ask(injection(instance, ", mode: \"0999\"")))).isEqualTo("input.malformed");
        assertThat(code(fleet.ask(injection(instance, ", role: god")))).isEqualTo("graphql.invalid");
        String id = injected("");
        assertThat(code(rotating(id, ", overlap_minutes: -1"))).isEqualTo("injected-key.out-of-bounds");
        assertThat(code(rotating("none", ""))).isEqualTo("injected-key.unknown");
    }

    @Test
    void aDeviceThatKnowsNoConfigurationFilesIsRefusedIt() {
        node = fleet.node(
                customer, "old", new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of(), 2));
        instance = added();

        assertThat(code(fleet.ask(injection(instance, "")))).isEqualTo("capability.unsupported");
        assertThat(listed()).isEqualTo("[]");
    }
}
