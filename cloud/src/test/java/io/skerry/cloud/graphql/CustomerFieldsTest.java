package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Customers, as they are asked for and refused. */
@Tag(TestDatabase.TAG)
class CustomerFieldsTest extends TenancyScene {
    @Test
    void allCustomersAreReachedPageByPage() {
        String south = fleet.customer("south");

        assertThat(data(fleet.ask("{ Authz_get_customers(take: 1) { customers { name } next_cursor } }")))
                .hasToString("{Authz_get_customers={customers=[{name=north}], next_cursor=" + customer + "}}");
        assertThat(data(fleet.ask("{ Authz_get_customers(take: 1, cursor: \"" + customer
                        + "\") { customers { name customer_id } next_cursor } }")))
                .hasToString("{Authz_get_customers={customers=[{name=south, customer_id=" + south
                        + "}], next_cursor=null}}");
    }

    @Test
    void aCustomersKeyIsShownThatCustomerAlone() {
        String south = fleet.customer("south");

        assertThat(data(fleet.askAs(
                        south, "{ Authz_get_customers { customers { name } next_cursor } Authz_customers { name } }")))
                .hasToString("{Authz_get_customers={customers=[{name=south}], next_cursor=null},"
                        + " Authz_customers=[{name=south}]}");
    }

    @Test
    void aCustomerIsRenamedByTheInstallationAlone() {
        String south = fleet.customer("south");

        assertThat(data(fleet.ask(renaming(south, "coast")))).hasToString("{Authz_rename_customer=" + south + "}");

        assertThat(fleet.customers.find(south))
                .hasValueSatisfying(c -> assertThat(c.name()).isEqualTo("coast"));
        assertThat(data(fleet.ask("{ Authz_get_audit_log(subject_id: \"" + south + "\", take: 1) { entries {"
                        + " operation before after } } }")))
                .asString()
                .contains("Authz_rename_customer", "south", "coast");
        assertThat(code(fleet.askAs(south, renaming(south, "bay")))).isEqualTo("authorization.installation");
        assertThat(code(fleet.askAs(south, renaming(south, "north"))))
                .as("which tells nothing of others")
                .isEqualTo("authorization.installation");
    }

    @Test
    void aNameThatIsTakenOrMalformedAndACustomerThatIsntThereAreRefused() {
        String south = fleet.customer("south");

        assertThat(code(fleet.ask(renaming(south, "north")))).isEqualTo("customer.exists");
        assertThat(code(fleet.ask(renaming(south, "")))).isEqualTo("name.malformed");
        assertThat(code(fleet.ask(renaming("nobody", "bay")))).isEqualTo("customer.unknown");
        assertThat(fleet.customers.find(south))
                .hasValueSatisfying(c -> assertThat(c.name()).isEqualTo("south"));
    }

    private static String renaming(String customerId, String name) {
        return "mutation { Authz_rename_customer(customer_id: \"" + customerId + "\", name: \"" + name + "\") }";
    }

    @Test
    void asManyCustomersAsOneAnswerCanHaveAreToldAndMoreAreRefusedInWords() {
        fill(TenancyFields.MOST_CUSTOMERS - 1);
        assertThat(list(data(fleet.ask("{ Authz_customers { name } }")), "Authz_customers"))
                .hasSize(TenancyFields.MOST_CUSTOMERS);

        fleet.customer("one-more");

        var answer = fleet.ask("{ Authz_customers { name } }");
        assertThat(code(answer)).isEqualTo("customer.too-many");
        assertThat(answer.toString()).contains("Authz_get_customers");
    }

    private void fill(int customers) {
        fleet.storage.write(h -> {
            PreparedBatch batch =
                    h.prepareBatch("INSERT INTO customers (customer_id, name, created_at) VALUES (:id, :id, 1)");
            for (int i = 0; i < customers; i++) {
                batch.bind("id", "customer-" + i).add();
            }
            return batch.execute().length;
        });
    }
}
