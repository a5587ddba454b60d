package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.login.LoginClaim;
import io.skerry.cloud.login.LoginRule;
import io.skerry.cloud.login.LoginRules;
import io.skerry.cloud.login.NewLoginRule;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.tenancy.Role;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may log in, and as what. */
final class LoginRuleFields implements Fields {
    private static final String ID = "login_rule_id";
    private static final String CUSTOMER = "customer_id";

    private final LoginRules rules;

    LoginRuleFields(LoginRules rules) {
        this.rules = rules;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type("Query", query -> query.dataFetcher("Authz_get_login_rules", e -> list(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("Authz_create_login_rule", e -> create(new Arguments(e)))
                        .dataFetcher("Authz_remove_login_rule", e -> remove(new Arguments(e))));
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        Page<LoginRule> page = rules.list(
                whose(arguments, "listing the installation's login rules"), arguments.take(), arguments.idCursor());
        return new Shape()
                .with(
                        "login_rules",
                        page.items().stream().map(LoginRuleFields::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private String create(Arguments arguments) {
        return rules.create(
                new NewLoginRule(
                        whose(arguments, "making a login rule of the installation"),
                        LoginClaim.of(arguments.text("claim")),
                        arguments.text("value"),
                        Role.of(arguments.text("role"))),
                arguments.caller());
    }

    private String remove(Arguments arguments) {
        String id = arguments.text(ID);
        rules.remove(id, arguments.caller());
        return id;
    }

    private static Optional<String> whose(Arguments arguments, String doing) {
        Optional<String> customer = arguments.optionalText(CUSTOMER);
        if (customer.isEmpty()) {
            arguments.ofInstallation(doing);
        }
        return customer.map(arguments::seen);
    }

    private static Map<String, @Nullable Object> shape(LoginRule rule) {
        return new Shape()
                .with(ID, rule.loginRuleId())
                .with(CUSTOMER, rule.customerId())
                .with("claim", rule.claim().word())
                .with("value", rule.value())
                .with("role", rule.role().word())
                .with("created_at", rule.createdAt())
                .fields();
    }
}
