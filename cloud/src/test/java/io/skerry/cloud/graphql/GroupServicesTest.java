package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.node.Enrolment;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Position;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.wire.ClaimToken;
import java.nio.file.Path;
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

/** Services that devices have by their groups. */
@Tag(TestDatabase.TAG)
class GroupServicesTest {
    @TempDir
    Path folder;

    private final MemoryRegistry registry = new MemoryRegistry();
    private FleetFixture fleet;
    private String customer;
    private String trains;
    private String line;
    private String alpha;
    private String web;

    @BeforeEach
    void open() {
        fleet = new FleetFixture(folder, registry, Set.of());
        for (Architecture arch : List.of(Architecture.AMD64, Architecture.ARM64)) {
            registry.push("web-" + arch.word(), "1", TestImage.of(arch, "content"));
        }
        customer = fleet.customer("north");
        trains = group("trains", "");
        line = group("line-1", trains);
        alpha = fleet.node(customer, "alpha", Architecture.AMD64);
        web = imported("web", "");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private static String text(Map<String, @Nullable Object> answer, String field) {
        return Objects.requireNonNull(data(answer).get(field)).toString();
    }

    private String group(String name, String parent) {
        return text(
                fleet.ask("mutation { Authz_create_group(customer_id: \"" + customer + "\", name: \"" + name + "\""
                        + (parent.isEmpty() ? "" : ", parent_group_id: \"" + parent + "\"") + ") }"),
                "Authz_create_group");
    }

    private String imported(String name, String more) {
        return importing(name, "amd64", more);
    }

    private String importing(String name, String arch, String more) {
        return text(fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "%s" %s }
                    image_sources: [{ arch: %s, image_reference: "r.example/web-%s:1" }] }) }
                """.formatted(customer, name, more, arch, arch)), "DM_import_node_service");
    }

    private Map<String, @Nullable Object> adding(String group, String service, String more) {
        return fleet.ask("mutation { DM_add_group_node_service(group_id: \"" + group + "\", node_service_id: \""
                + service + "\"" + more + ") }");
    }

    private String added(String group, String service) {
        return text(adding(group, service, ""), "DM_add_group_node_service");
    }

    private static String pinned(String selector) {
        return ", version_target_selector: {value: \"" + selector + "\"}";
    }

    private Map<String, @Nullable Object> placing(String node, String group) {
        return fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: "
                + (group.isEmpty() ? "null" : "\"" + group + "\"") + ") }");
    }

    private void place(String node, String group) {
        data(placing(node, group));
    }

    private Map<String, @Nullable Object> byHand(String service, String node) {
        return fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \""
                + node + "\") }");
    }

    private Map<String, @Nullable Object> removing(String instance) {
        return fleet.ask(
                "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }");
    }

    /** The instances on a device, as {@code service group selector}. */
    private List<String> on(String node) {
        return instances(node).stream()
                .map(i -> i.get("service_name") + " "
                        + (i.get("by_group") instanceof Map<?, ?> g ? g.get("group_name") : "by hand") + " "
                        + i.get("version_target_selector"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, @Nullable Object>> instances(String node) {
        Map<String, @Nullable Object> page = (Map<String, @Nullable Object>) Objects.requireNonNull(
                data(fleet.ask("{ DM_get_node_service_instances(customer_id: \"" + customer + "\", node_id: \"" + node
                                + "\") { instances { node_service_instance_id service_name version_target_selector"
                                + " lan { range } by_group { group_node_service_id group_name } } } }"))
                        .get("DM_get_node_service_instances"));
        return (List<Map<String, @Nullable Object>>) Objects.requireNonNull(page.get("instances"));
    }

    private String id(String node) {
        return String.valueOf(instances(node).getFirst().get("node_service_instance_id"));
    }

    private String absent() {
        return text(
                fleet.ask("{ DM_get_absent_instances(customer_id: \"" + customer
                        + "\") { absent_instances { service_name group_name node_name reason { code } } } }"),
                "DM_get_absent_instances");
    }

    private List<String> told(String node) {
        return Documents.DESIRED_STATE
                .fromJson(fleet.desired.document(node).orElseThrow().body())
                .workload()
                .containers()
                .values()
                .stream()
                .map(Container::service)
                .map(s -> s.name() + " " + s.version())
                .toList();
    }

    private String audited() {
        return data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                        + "\") { entries { operation actor_name subject_name before after } } }"))
                + "";
    }

    // --- joining

    @Test
    void eachDeviceOfAGroupAndOfTheGroupsWithinGetsItsServiceAndIsToldAtOnce() {
        String beta = fleet.node(customer, "beta", Architecture.AMD64);
        String gamma = fleet.node(customer, "gamma", Architecture.AMD64);
        place(alpha, trains);
        place(beta, line);

        added(trains, web);

        assertThat(on(alpha)).containsExactly("web trains null");
        assertThat(on(beta)).containsExactly("web trains null");
        assertThat(on(gamma)).isEmpty();
        assertThat(told(alpha)).containsExactly("web 1");
        assertThat(audited()).contains("group-service.given", "subject_name=web on alpha", "DM_add_group_node_service");
    }

    @Test
    void whoIsMovedIntoTheGroupLaterGetsItToo() {
        added(trains, web);
        assertThat(on(alpha)).isEmpty();

        place(alpha, line);

        assertThat(on(alpha)).containsExactly("web trains null");
        assertThat(told(alpha)).containsExactly("web 1");
    }

    @Test
    void whoIsInAGroupThatIsMovedIntoItGetsItToo() {
        String depot = group("depot", "");
        place(alpha, depot);
        added(trains, web);

        data(fleet.ask(
                "mutation { Authz_move_group(group_id: \"" + depot + "\", parent_group_id: \"" + line + "\") }"));

        assertThat(on(alpha)).containsExactly("web trains null");

        data(fleet.ask("mutation { Authz_move_group(group_id: \"" + depot + "\") }"));

        assertThat(on(alpha)).isEmpty();
        assertThat(told(alpha)).isEmpty();
    }

    @Test
    void whoEnrolsIntoTheGroupIsToldToRunItWithItsFirstDocument() {
        added(trains, web);

        Enrolment.Enrolled node = enrolled("delta", ", group_id: \"" + line + "\"");

        assertThat(on(node.nodeId())).containsExactly("web trains null");
        assertThat(told(node.nodeId())).containsExactly("web 1");
        assertThat(audited()).contains("actor_name=delta");
    }

    @Test
    void aTokenWhoseGroupIsGoneHasDevicesBeginAtTheRoot() {
        String depot = group("depot", "");
        String token = token(", group_id: \"" + depot + "\"");
        data(fleet.ask("mutation { Authz_remove_group(group_id: \"" + depot + "\") }"));

        String node = enrolledBy(token, "delta").nodeId();

        assertThat(data(fleet.ask("{ DM_get_node(node_id: \"" + node + "\") { group_id } }")) + "")
                .contains("group_id=null");
    }

    @Test
    void aTokenForAGroupThatIsntTheCustomersIsRefused() {
        String theirs = fleet.customer("south");
        assertThat(code(fleet.ask("mutation { DM_create_claim_token(customer_id: \"" + theirs + "\", group_id: \""
                        + trains + "\") }")))
                .isEqualTo("group.unknown");
    }

    private Enrolment.Enrolled enrolled(String name, String more) {
        return enrolledBy(token(more), name);
    }

    private String token(String more) {
        return text(
                fleet.ask("mutation { DM_create_claim_token(customer_id: \"" + customer + "\"" + more + ") }"),
                "DM_create_claim_token");
    }

    private Enrolment.Enrolled enrolledBy(String token, String name) {
        return fleet.enrolment.enrol(new Enrolment.NewNode(
                fleet.ids.next(),
                ClaimToken.parse(token).secret(),
                "f".repeat(64),
                name,
                new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), FleetFixture.FEATURES, 2)));
    }

    @Test
    void theInnermostGroupSaysWhatIsFollowed() {
        imported("web", "");
        added(trains, web);
        data(adding(line, web, pinned("version:1")));

        place(alpha, line);

        assertThat(on(alpha)).containsExactly("web line-1 version:1");
        assertThat(told(alpha)).containsExactly("web 1");
    }

    @Test
    void whatSomebodyAddedIsEnoughAndStays() {
        data(byHand(web, alpha));
        added(trains, web);

        place(alpha, trains);
        assertThat(on(alpha)).containsExactly("web by hand null");

        place(alpha, "");
        assertThat(on(alpha)).containsExactly("web by hand null");
    }

    @Test
    void whenWhatSomebodyAddedIsRemovedTheGroupGivesAnother() {
        data(byHand(web, alpha));
        added(trains, web);
        place(alpha, trains);

        data(removing(id(alpha)));

        assertThat(on(alpha)).containsExactly("web trains null");
    }

    // --- who can't have it

    @Test
    void whoCantHaveItJoinsAllTheSameAndTheReasonIsShown() {
        String beta = fleet.node(customer, "beta", Architecture.ARM64);
        place(alpha, trains);
        place(beta, trains);

        String rule = added(trains, web);

        assertThat(on(alpha)).hasSize(1);
        assertThat(on(beta)).isEmpty();
        assertThat(absent())
                .contains("service_name=web, group_name=trains, node_name=beta")
                .contains("code=instance.architecture-missing")
                .doesNotContain("alpha");
        assertThat(data(fleet.ask("{ DM_get_node(node_id: \"" + beta
                                + "\") { absent_instances { service_name reason { code } } } }"))
                        + "")
                .contains("instance.architecture-missing");
        assertThat(data(fleet.ask("{ DM_get_group_node_service(group_node_service_id: \"" + rule
                                + "\") { group_name service_name instance_count absent_count } }"))
                        + "")
                .contains("instance_count=1, absent_count=1");
    }

    @Test
    void aVersionThatItCanHaveBringsIt() {
        String beta = fleet.node(customer, "beta", Architecture.ARM64);
        place(beta, trains);
        added(trains, web);

        importing("web", "arm64", "");

        assertThat(on(beta)).containsExactly("web trains null");
        assertThat(told(beta)).containsExactly("web 2");
        assertThat(absent()).doesNotContain("beta");
    }

    @Test
    void capabilitiesThatItReportsBringIt() {
        String gate = imported(
                "gate",
                "network_config: { lan_configure_network: dhcp }"
                        + " access_provided_subnet: \"10.190.0.1/16\" dhcp_range_template: \"10.190.0.1/24\"");
        place(alpha, trains);
        added(trains, gate);
        assertThat(absent()).contains("capability.unsupported");

        able(alpha);

        assertThat(on(alpha)).containsExactly("gate trains null");
        assertThat(absent()).doesNotContain("alpha");
    }

    private void able(String node) {
        fleet.statuses.reported(
                node,
                new DeviceStatus(
                        "0.1.0",
                        1,
                        networked(),
                        new Position(1, 0),
                        new RevisionStatus(
                                0,
                                Optional.empty(),
                                RevisionStatus.Phase.IDLE,
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        List.of(),
                        new DeviceStatus.Resources(1, 1, 1, 1),
                        Map.of(),
                        List.of()));
    }

    private static Capabilities networked() {
        return new Capabilities(
                1, Architecture.AMD64, List.of("runc"), List.of("allocated", "dhcp"), FleetFixture.FEATURES, 2);
    }

    @Test
    void whatItIsToBeStartedAfterBringsIt() {
        String broker = imported("broker", "");
        String app = after("app", "broker");
        place(alpha, trains);
        added(trains, app);
        assertThat(absent()).contains("instance.after-missing");

        data(byHand(broker, alpha));

        assertThat(on(alpha)).containsExactlyInAnyOrder("broker by hand null", "app trains null");
    }

    private String after(String name, String needed) {
        return text(fleet.ask("""
                mutation { DM_import_node_service(input: { customer_id: "%s" node_service_input: { name: "%s" }
                    metadata: { after: ["%s"] }
                    image_sources: [{ arch: amd64, image_reference: "r.example/web-amd64:1" }] }) }
                """.formatted(customer, name, needed)), "DM_import_node_service");
    }

    @Test
    void servicesThatNeedEachOtherComeTogether() {
        String broker = imported("broker", "");
        added(trains, after("app", "broker"));
        added(trains, broker);

        place(alpha, trains);

        assertThat(told(alpha)).containsExactlyInAnyOrder("broker 1", "app 1");
    }

    @Test
    void addressesAreGivenAsFarAsTheyGoAndWhatBecomesFreeIsGivenToWhoWaits() {
        String gate = imported(
                "gate",
                "network_config: { lan_configure_network: dhcp }"
                        + " access_provided_subnet: \"10.190.0.1/23\" dhcp_range_template: \"10.190.0.1/24\"");
        List<String> nodes = List.of("n1", "n2", "n3", "n4").stream()
                .map(name -> fleet.node(customer, name, networked()))
                .toList();
        nodes.forEach(n -> place(n, trains));
        added(trains, gate);

        assertThat(nodes.stream().map(n -> on(n).size())).containsExactly(1, 1, 0, 0);
        assertThat(instances(nodes.getFirst()).toString()).contains("range=10.190.0.0/24");
        assertThat(absent()).contains("subnet.exhausted");

        place(nodes.getFirst(), "");
        fleet.absent.retryExhausted();

        assertThat(nodes.stream().map(n -> on(n).size())).containsExactly(0, 1, 1, 0);
        assertThat(instances(nodes.get(2)).toString()).contains("range=10.190.0.0/24");
    }

    @Test
    void whoCantHaveItIsToldOfNoMoreOnceItHasLeft() {
        String beta = fleet.node(customer, "beta", Architecture.ARM64);
        place(beta, trains);
        added(trains, web);

        place(beta, "");

        assertThat(absent()).doesNotContain("beta");
    }

    // --- leaving

    @Test
    void whatCameByAGroupGoesWhenTheDeviceLeaves() {
        added(trains, web);
        place(alpha, line);

        place(alpha, "");

        assertThat(on(alpha)).isEmpty();
        assertThat(told(alpha)).isEmpty();
        assertThat(audited()).contains("group-service.taken");
    }

    @Test
    void whatCameByAGroupStaysTheSameInAnotherGroupThatHasTheService() {
        imported("web", "");
        String depot = group("depot", "");
        added(trains, web);
        data(adding(depot, web, pinned("version:1")));
        place(alpha, trains);
        String before = id(alpha);

        place(alpha, depot);

        assertThat(id(alpha)).isEqualTo(before);
        assertThat(on(alpha)).containsExactly("web depot version:1");
        assertThat(told(alpha)).containsExactly("web 1");
        assertThat(audited()).contains("group-service.passed");
    }

    @Test
    void theInstancesOfAGroupGoWithItsServiceButNotThoseThatWereAdded() {
        String beta = fleet.node(customer, "beta", Architecture.AMD64);
        place(alpha, trains);
        place(beta, trains);
        data(byHand(web, beta));
        String rule = added(trains, web);

        data(removingRule(rule));

        assertThat(on(alpha)).isEmpty();
        assertThat(on(beta)).containsExactly("web by hand null");
        assertThat(audited()).contains("DM_remove_group_node_service", "group-service.taken");
        assertThat(data(fleet.ask("{ DM_get_group_node_service(group_node_service_id: \"" + rule
                                + "\") { group_name } }"))
                        + "")
                .contains("DM_get_group_node_service=null");
    }

    @Test
    void whatTheOuterGroupHasTooIsKeptWhenTheInnerOneHasItNoMore() {
        added(trains, web);
        String inner = added(line, web);
        place(alpha, line);
        String before = id(alpha);

        data(removingRule(inner));

        assertThat(id(alpha)).isEqualTo(before);
        assertThat(on(alpha)).containsExactly("web trains null");
    }

    private Map<String, @Nullable Object> removingRule(String rule) {
        return fleet.ask("mutation { DM_remove_group_node_service(group_node_service_id: \"" + rule + "\") }");
    }

    @Test
    void whatAnotherInstanceNeedsCantBeLostByLeaving() {
        String broker = imported("broker", "");
        String app = after("app", "broker");
        String rule = added(trains, broker);
        place(alpha, trains);
        data(byHand(app, alpha));

        assertThat(code(placing(alpha, ""))).isEqualTo("instance.needed");
        assertThat(code(removingRule(rule))).isEqualTo("instance.needed");
        assertThat(told(alpha)).containsExactlyInAnyOrder("broker 1", "app 1");
    }

    @Test
    void whatCameByAGroupIsRemovedByTheGroupAlone() {
        added(trains, web);
        place(alpha, trains);

        Map<String, @Nullable Object> answer = removing(id(alpha));

        assertThat(code(answer)).isEqualTo("instance.by-group");
        assertThat(message(answer)).contains("'web' on 'alpha'").contains("'trains'");
    }

    @Test
    void whatCameByAGroupGoesWithItsDevice() {
        added(trains, web);
        place(alpha, trains);

        data(fleet.ask("mutation { DM_remove_node(node_id: \"" + alpha + "\") }"));

        assertThat(data(fleet.ask("{ DM_get_node_services(customer_id: \"" + customer + "\") { services { name } } }")))
                .isNotEmpty();
        assertThat(on(alpha)).isEmpty();
    }

    // --- versions

    @Test
    void aRulesInstancesFollowWhatItSaysUnlessSomebodySaidOtherwise() {
        imported("web", "");
        imported("web", "");
        String beta = fleet.node(customer, "beta", Architecture.AMD64);
        place(alpha, trains);
        place(beta, trains);
        String rule = added(trains, web);
        data(fleet.ask("mutation { DM_update_node_service_instance_rollout_config(node_service_instance_ids: [\""
                + id(beta) + "\"]" + pinned("version:1") + ") }"));

        data(updating(rule, "version:2"));

        assertThat(told(alpha)).containsExactly("web 2");
        assertThat(told(beta)).containsExactly("web 1");

        data(updating(rule, "disabled"));
        imported("web", "");

        assertThat(told(alpha)).containsExactly("web 2");
        assertThat(on(alpha)).containsExactly("web trains disabled");
        assertThat(audited()).contains("DM_update_group_node_service", "version:2");
    }

    private Map<String, @Nullable Object> updating(String rule, String selector) {
        return fleet.ask("mutation { DM_update_group_node_service(group_node_service_id: \"" + rule + "\""
                + pinned(selector) + ") }");
    }

    @Test
    void whoJoinsDuringARollOutGetsTheEarlierVersionAndTheLastPhase() {
        place(alpha, trains);
        added(trains, web);
        data(fleet.ask("mutation { DM_set_rollout_policy(node_service_id: \"" + web
                + "\", policy: {phases: [{count: 1, soak_seconds: 60}, {}]}) }"));
        imported("web", "");
        String beta = fleet.node(customer, "beta", Architecture.AMD64);

        place(beta, trains);

        assertThat(told(beta)).containsExactly("web 1");
        fleet.rollouts.advance(service -> Map.of());
        assertThat(told(beta)).containsExactly("web 1");
        assertThat(data(fleet.ask("{ DM_get_rollouts(customer_id: \"" + customer
                                + "\") { rollouts { state phases { progress { total } } } } }"))
                        + "")
                .contains("phases=[{progress={total=1}}, {progress={total=1}}]");
    }

    // --- what is refused

    @Test
    void aServiceIsOfAGroupOnce() {
        added(trains, web);
        assertThat(code(adding(trains, web, ""))).isEqualTo("group-service.exists");
    }

    @Test
    void whatCouldNeverBeFollowedIsRefused() {
        imported("web", "");
        data(fleet.ask(
                "mutation { DM_retire_node_service_version(node_service_id: \"" + web + "\", container_version: 1) }"));
        String rule = added(trains, web);

        assertThat(code(adding(line, web, pinned("version:7")))).isEqualTo("service.version-unknown");
        assertThat(code(adding(line, web, pinned("version:1")))).isEqualTo("service.version-retired");
        assertThat(code(adding(line, web, pinned("newest")))).isEqualTo("selector.malformed");
        assertThat(code(updating(rule, "version:7"))).isEqualTo("service.version-unknown");
        assertThat(code(fleet.ask(
                        "mutation { DM_update_group_node_service(group_node_service_id: \"" + rule + "\") }")))
                .isEqualTo("selector.missing");
    }

    @Test
    void whatAGroupHasCantBeTakenOutOfUse() {
        imported("web", "");
        data(adding(trains, web, pinned("version:1")));

        Map<String, @Nullable Object> removed =
                fleet.ask("mutation { DM_remove_node_service(node_service_id: \"" + web + "\") }");
        Map<String, @Nullable Object> retired = fleet.ask(
                "mutation { DM_retire_node_service_version(node_service_id: \"" + web + "\", container_version: 1) }");

        assertThat(code(removed)).isEqualTo("service.used");
        assertThat(message(removed)).contains("joins one of these groups gets 'web': trains");
        assertThat(code(retired)).isEqualTo("service.version-used");
        assertThat(message(retired)).contains("trains");
    }

    @Test
    void aGroupThatIsRemovedHasNoServicesAnyMore() {
        added(line, web);

        data(fleet.ask("mutation { Authz_remove_group(group_id: \"" + line + "\") }"));
        data(fleet.ask("mutation { DM_remove_node_service(node_service_id: \"" + web + "\") }"));

        assertThat(audited()).contains("node_service_ids\":[\"" + web);
    }

    @Test
    void otherCustomersGroupsServicesAndRulesAreAsIfAbsent() {
        String rule = added(trains, web);
        String south = fleet.customer("south");
        String theirs = text(
                fleet.ask("mutation { Authz_create_group(customer_id: \"" + south + "\", name: \"theirs\") }"),
                "Authz_create_group");

        assertThat(code(fleet.askAs(
                        south,
                        "mutation { DM_add_group_node_service(group_id: \"" + trains + "\", node_service_id: \"" + web
                                + "\") }")))
                .isEqualTo("group.unknown");
        assertThat(code(fleet.askAs(
                        south,
                        "mutation { DM_add_group_node_service(group_id: \"" + theirs + "\", node_service_id: \"" + web
                                + "\") }")))
                .isEqualTo("service.unknown");
        assertThat(code(adding(theirs, web, ""))).isEqualTo("instance.customer-mismatch");
        assertThat(code(fleet.askAs(
                        south, "mutation { DM_remove_group_node_service(group_node_service_id: \"" + rule + "\") }")))
                .isEqualTo("group-service.unknown");
        assertThat(code(fleet.askAs(
                        south,
                        "mutation { DM_update_group_node_service(group_node_service_id: \"" + rule + "\""
                                + pinned("disabled") + ") }")))
                .isEqualTo("group-service.unknown");
        assertThat(code(fleet.askAs(
                        south, "{ DM_get_absent_instances(customer_id: \"" + customer + "\") { next_cursor } }")))
                .isEqualTo("customer.unknown");
        assertThat(data(fleet.askAs(
                                south,
                                "{ DM_get_group_node_service(group_node_service_id: \"" + rule
                                        + "\") { group_name } }"))
                        + "")
                .contains("DM_get_group_node_service=null");
        assertThat(text(
                        fleet.askAs(
                                south,
                                "{ DM_get_group_node_services(customer_id: \"" + south
                                        + "\") { group_node_services { group_name } } }"),
                        "DM_get_group_node_services"))
                .isEqualTo("{group_node_services=[]}");
    }

    // --- lists

    @Test
    void rulesAndAbsentInstancesAreListedByPage() {
        String gate = imported("gate", "");
        added(trains, web);
        added(trains, gate);
        for (String name : List.of("n1", "n2")) {
            place(fleet.node(customer, name, Architecture.ARM64), trains);
        }

        assertThat(paged("DM_get_group_node_services", "group_node_services { service_name }", ""))
                .containsExactly("[{service_name=web}]", "[{service_name=gate}]");
        assertThat(paged("DM_get_absent_instances", "absent_instances { service_name node_name }", ""))
                .containsExactly(
                        "[{service_name=web, node_name=n1}]",
                        "[{service_name=web, node_name=n2}]",
                        "[{service_name=gate, node_name=n1}]",
                        "[{service_name=gate, node_name=n2}]");
        assertThat(paged(
                        "DM_get_absent_instances",
                        "absent_instances { node_name }",
                        ", node_service_id: \"" + gate + "\""))
                .containsExactly("[{node_name=n1}]", "[{node_name=n2}]");
    }

    /** The items of each page of one, until there is none any more. */
    private List<String> paged(String query, String fields, String more) {
        List<String> pages = new java.util.ArrayList<>();
        String cursor = "";
        while (pages.size() < 10) {
            Map<?, ?> page = (Map<?, ?>) Objects.requireNonNull(data(fleet.ask("{ " + query + "(customer_id: \""
                            + customer + "\", take: 1, cursor: \"" + cursor + "\"" + more + ") { " + fields
                            + " next_cursor } }"))
                    .get(query));
            pages.add(String.valueOf(page.values().iterator().next()));
            if (page.get("next_cursor") == null) {
                return pages;
            }
            cursor = String.valueOf(page.get("next_cursor"));
        }
        return pages;
    }
}
