package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.tenancy.ApiKey;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Customer;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.cloud.tenancy.KeyGrant;
import io.skerry.cloud.tenancy.KeyLogin;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Customers and API keys. */
final class TenancyFields implements Fields {
    /** How many customers an answer without pages has. */
    static final int MOST_CUSTOMERS = Arguments.MOST_TAKEN;

    /** More than anything can be good for, and few enough to be counted in milliseconds. */
    private static final long MOST_MINUTES = 1_000_000_000_000L;

    private final Customers customers;
    private final ApiKeys keys;

    TenancyFields(Customers customers, ApiKeys keys) {
        this.customers = customers;
        this.keys = keys;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                query -> query.dataFetcher("Authz_customers", e -> all(new Arguments(e)))
                        .dataFetcher("Authz_get_customers", e -> customers(new Arguments(e)))
                        .dataFetcher("Authz_get_api_keys", e -> keys(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("Authz_create_customer", e -> createCustomer(new Arguments(e)))
                        .dataFetcher("Authz_rename_customer", e -> renameCustomer(new Arguments(e)))
                        .dataFetcher("Authz_create_api_key", e -> createKey(new Arguments(e)))
                        .dataFetcher("Authz_revoke_api_key", e -> revokeKey(new Arguments(e))));
    }

    private List<Map<String, @Nullable Object>> all(Arguments arguments) {
        Page<Customer> page = customers.visibleTo(arguments.caller(), MOST_CUSTOMERS, "");
        if (page.nextCursor().isPresent()) {
            throw new Problem(
                            "customer.too-many",
                            "There are more than " + MOST_CUSTOMERS + " customers, which are too many for one answer.",
                            "Ask for them page by page, with Authz_get_customers.")
                    .asException();
        }
        return page.items().stream().map(TenancyFields::shape).toList();
    }

    private Map<String, @Nullable Object> customers(Arguments arguments) {
        Page<Customer> page = customers.visibleTo(arguments.caller(), arguments.take(), arguments.idCursor());
        return new Shape()
                .with(
                        "customers",
                        page.items().stream().map(TenancyFields::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private Map<String, @Nullable Object> keys(Arguments arguments) {
        Optional<String> customer = arguments.optionalText("customer_id");
        if (customer.isEmpty()) {
            arguments.ofInstallation("listing the installation's API keys");
        }
        Page<ApiKey> page = keys.list(customer.map(arguments::seen), arguments.take(), arguments.idCursor());
        return new Shape()
                .with(
                        "api_keys",
                        page.items().stream().map(TenancyFields::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private String createCustomer(Arguments arguments) {
        arguments.ofInstallation("making a customer");
        return customers
                .create(arguments.text("name"), arguments.caller().actor())
                .customerId();
    }

    /** Not for a customer's own keys: that a name is taken tells of another customer. */
    private String renameCustomer(Arguments arguments) {
        arguments.ofInstallation("renaming a customer");
        String id = arguments.text("customer_id");
        customers.rename(id, arguments.text("name"), arguments.caller().actor());
        return id;
    }

    private String createKey(Arguments arguments) {
        Optional<String> customer = arguments.optionalText("customer_id");
        if (customer.isEmpty()) {
            arguments.ofInstallation("making an API key of the installation");
        }
        customer.ifPresent(arguments::seen);
        return keys.create(
                        new KeyGrant(
                                customer,
                                arguments.text("name"),
                                Role.of(arguments.text("role")),
                                arguments.optionalText("node_id"),
                                arguments
                                        .large("valid_minutes")
                                        .map(m -> Duration.ofMinutes(Math.clamp(m, -MOST_MINUTES, MOST_MINUTES)))),
                        arguments.caller())
                .secret();
    }

    private String revokeKey(Arguments arguments) {
        String id = arguments.text("api_key_id");
        ApiKey key = keys.find(id)
                .filter(k -> mayChange(arguments.caller(), k))
                .orElseThrow(() -> ApiKeys.unknown(id).asException());
        keys.revoke(key.apiKeyId(), arguments.caller().actor());
        return key.apiKeyId();
    }

    private static boolean mayChange(Caller caller, ApiKey key) {
        return key.customerId().map(caller::sees).orElseGet(caller::ofInstallation);
    }

    private static Map<String, @Nullable Object> shape(Customer customer) {
        return new Shape()
                .with("customer_id", customer.customerId())
                .with("name", customer.name())
                .with("created_at", customer.createdAt())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(ApiKey key) {
        return new Shape()
                .with("api_key_id", key.apiKeyId())
                .with("customer_id", key.customerId())
                .with("name", key.name())
                .with("role", key.role().word())
                .with("node_id", key.nodeId())
                .with("node_service_instance_id", key.instanceId())
                .with("login_rule_id", key.login().map(KeyLogin::ruleId))
                .with("login_subject", key.login().map(KeyLogin::subject))
                .with("created_at", key.createdAt())
                .with("expires_at", key.expiresAt())
                .with("revoked_at", key.revokedAt())
                .fields();
    }
}
