package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a device's services when it leaves a group, or the group its service. */
@Tag(TestDatabase.TAG)
class GroupLeavingTest extends GroupScene {

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
}
