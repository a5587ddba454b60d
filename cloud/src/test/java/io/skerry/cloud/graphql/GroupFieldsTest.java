package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.Architecture;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups of devices, as they are asked for and refused. */
@Tag(TestDatabase.TAG)
class GroupFieldsTest extends TenancyScene {
    @Test
    void devicesAreListedByGroupWithAndWithoutTheGroupsWithin() {
        String trains = group("trains", "");
        String line = group("line-1", trains);
        put(node, line);
        String beta = fleet.node(customer, "beta", Architecture.AMD64);
        put(beta, trains);

        assertThat(nodes("group_id: \"" + trains + "\"")).containsExactly("alpha", "beta");
        assertThat(nodes("group_id: \"" + trains + "\", recursive: false")).containsExactly("beta");
        assertThat(nodes("group_id: \"" + line + "\"")).containsExactly("alpha");
    }

    @Test
    void aGroupMovesWithAllThatIsInIt() {
        String trains = group("trains", "");
        String line = group("line-1", trains);
        String cars = group("cars", line);
        put(node, cars);
        String depot = group("depot", "");

        data(fleet.ask(
                "mutation { Authz_move_group(group_id: \"" + line + "\", parent_group_id: \"" + depot + "\") }"));

        assertThat(nodes("group_id: \"" + depot + "\"")).containsExactly("alpha");
        assertThat(nodes("group_id: \"" + trains + "\"")).isEmpty();
        assertThat(ids("recursive: false")).containsExactlyInAnyOrder(trains, depot);
        assertThat(ids("recursive: true")).containsExactlyInAnyOrder(trains, depot, line, cars);
    }

    @Test
    void groupsThatMakeNoSenseAreRefused() {
        String trains = group("trains", "");
        String line = group("line-1", trains);
        String theirs = data(fleet.ask("mutation { Authz_create_group(customer_id: \"" + fleet.customer("south")
                                + "\", name: \"theirs\") }"))
                        .get("Authz_create_group")
                + "";

        assertThat(code(move(trains, trains))).isEqualTo("group.cycle");
        assertThat(code(move(trains, line))).isEqualTo("group.cycle");
        assertThat(code(move(trains, theirs))).isEqualTo("group.unknown");
        assertThat(code(make("trains", ""))).isEqualTo("group.exists");
        assertThat(code(make("..", ""))).isEqualTo("name.malformed");
        assertThat(code(make("new", theirs))).isEqualTo("group.unknown");
        assertThat(code(remove(trains))).isEqualTo("group.not-empty");
        put(node, line);
        assertThat(code(remove(line))).isEqualTo("group.not-empty");
        assertThat(code(fleet.askAs(customer, "mutation { Authz_remove_group(group_id: \"" + theirs + "\") }")))
                .isEqualTo("group.unknown");
        assertThat(code(fleet.ask(
                        "mutation { DM_update_node(node_id: \"" + node + "\", group_id: \"" + theirs + "\") }")))
                .isEqualTo("group.unknown");
    }

    @Test
    void groupsAreNestedSixteenDeepAndNoDeeperNorByMoving() {
        String top = group("g0", "");
        String deepest = top;
        for (int i = 1; i < 16; i++) {
            deepest = group("g" + i, deepest);
        }
        String other = group("other", "");

        assertThat(code(make("g16", deepest))).isEqualTo("group.too-deep");
        assertThat(code(move(top, other))).isEqualTo("group.too-deep");
    }

    @Test
    void aGroupWithNothingInItIsRemoved() {
        String trains = group("trains", "");
        put(node, trains);
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", group_id: null) }"));

        data(remove(trains));

        assertThat(ids("recursive: true")).isEmpty();
    }

    @Test
    void asManyGroupsAsOneAnswerCanHaveAreToldAndMoreAreRefusedInWords() {
        fill(GroupFields.MOST_IDS);
        assertThat(ids("recursive: true")).hasSize(GroupFields.MOST_IDS);

        group("one-more", "");

        var answer = fleet.ask("{ Authz_group_ids_by_customer_ids(customer_ids: [\"" + customer + "\"]) }");
        assertThat(code(answer)).isEqualTo("group.too-many");
        assertThat(answer.toString()).contains("Authz_get_groups");
    }

    private void fill(int groups) {
        fleet.storage.write(h -> {
            PreparedBatch batch =
                    h.prepareBatch("INSERT INTO node_groups (group_id, customer_id, name, path, created_at)"
                            + " VALUES (:id, :customer, :id, :path, 1)");
            for (int i = 0; i < groups; i++) {
                batch.bind("id", "group-" + i)
                        .bind("customer", customer)
                        .bind("path", "/group-" + i)
                        .add();
            }
            return batch.execute().length;
        });
    }

    private List<String> ids(String arguments) {
        return strings(data(fleet.ask(
                        "{ Authz_group_ids_by_customer_ids(customer_ids: [\"" + customer + "\"], " + arguments + ") }"))
                .get("Authz_group_ids_by_customer_ids"));
    }

    private static List<String> strings(@Nullable Object list) {
        return ((List<?>) Objects.requireNonNull(list))
                .stream().map(String::valueOf).toList();
    }
}
