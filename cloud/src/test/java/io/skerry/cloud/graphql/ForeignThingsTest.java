package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is the installation's, no customer has. What is another customer's: {@link OtherCustomersIdsTest}. */
@Tag(TestDatabase.TAG)
class ForeignThingsTest extends FleetApiScene {
    ForeignThingsTest(@TempDir Path root) {
        super(root);
    }

    @Test
    void whatIsTheInstallationsAloneIsRefusedToEachCustomer() {
        for (String installation : List.of(
                "{ Authz_get_api_keys { api_keys { name } } }",
                "{ Authz_get_login_rules { login_rules { value } } }",
                "{ Authz_get_audit_log { entries { at } } }",
                "mutation { Authz_create_api_key(name: \"mine\") }",
                "mutation { Authz_create_customer(name: \"mine\") }")) {
            assertThat(code(fleet.askAs(customer, installation))).isEqualTo("authorization.installation");
        }
    }

    @Test
    void aKeyOfTheInstallationIsForACustomerAsIfItWereNotThere() {
        // given
        String first = fleet.keyOfInstallation("first").apiKeyId();

        // when, then
        same(customer, "mutation { Authz_revoke_api_key(api_key_id: \"%s\") }", first, fleet.ids.next());
        assertThat(fleet.keys.find(first).orElseThrow().revokedAt()).isEmpty();
    }

    @Test
    void theLastKeyOfTheInstallationCannotBeRevoked() {
        String first = fleet.keyOfInstallation("first").apiKeyId();
        fleet.key(customer, "ours");
        String revoking = "mutation { Authz_revoke_api_key(api_key_id: \"" + first + "\") }";
        assertThat(code(fleet.ask(revoking))).isEqualTo("api-key.last");
        assertThat(fleet.keys.find(first).orElseThrow().revokedAt()).isEmpty();

        fleet.keyOfInstallation("second");
        data(fleet.ask(revoking));
        assertThat(fleet.keys.find(first).orElseThrow().revokedAt()).isPresent();
        assertThat(data(fleet.ask(revoking))).as("a revoked one stays so").isNotEmpty();
    }

    @Test
    void onlyTheInstallationsKeysMakeCustomersAndSuchKeys() {
        assertThat(code(fleet.askAs(customer, "mutation { Authz_create_customer(name: \"x\") }")))
                .isEqualTo("authorization.installation");
        assertThat(code(fleet.askAs(customer, "mutation { Authz_create_api_key(name: \"x\") }")))
                .isEqualTo("authorization.installation");
        String secret = (String) value(
                fleet.askAs(
                        customer, "mutation { Authz_create_api_key(customer_id: \"" + customer + "\", name: \"ci\") }"),
                "Authz_create_api_key");
        assertThat(fleet.keys.authenticate("apikey " + secret).orElseThrow().sees(customer))
                .isTrue();
        var listed = fleet.ask("{ Authz_get_api_keys(customer_id: \"" + customer
                + "\") { api_keys { api_key_id name revoked_at } } }");
        assertThat(listed.toString()).contains("ci").doesNotContain(secret);
    }
}
