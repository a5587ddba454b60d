package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.node.Enrolment;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.wire.ClaimToken;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Services that devices have by their groups. */
@Tag(TestDatabase.TAG)
class GroupServicesTest extends GroupScene {

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
        fleet.turns.advance(service -> Map.of());
        assertThat(told(beta)).containsExactly("web 1");
        assertThat(data(fleet.ask("{ DM_get_rollouts(customer_id: \"" + customer
                                + "\") { rollouts { state phases { progress { total } } } } }"))
                        + "")
                .contains("phases=[{progress={total=1}}, {progress={total=1}}]");
    }

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
