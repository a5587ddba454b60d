package io.skerry.cloud.login;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.ProblemException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may log in: rules by the fleet API, and the keys that come of them. */
@Tag(TestDatabase.TAG)
class LoginRulesTest {
    @TempDir
    Path root;

    private FleetFixture fleet;
    private Logins logins;
    private String north;

    @BeforeEach
    void open() {
        fleet = new FleetFixture(
                root,
                ask -> {
                    throw new AssertionError("nothing is fetched here");
                },
                java.util.Set.of());
        logins = new Logins(fleet.storage, fleet.time(), fleet.keys, Duration.ofHours(12));
        north = fleet.customer("north");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private static Person person(String subject, String... groups) {
        return new Person(
                subject, Optional.of(subject + "@example.org"), Optional.empty(), Optional.empty(), List.of(groups));
    }

    private static String arguments(String customer, String claim, String value, String role) {
        return (customer.isEmpty() ? "" : "customer_id: \"" + customer + "\", ") + "claim: " + claim + ", value: \""
                + value + "\", role: " + role;
    }

    private String rule(String customer, String claim, String value, String role) {
        return data(fleet.ask("mutation { Authz_create_login_rule(" + arguments(customer, claim, value, role) + ") }"))
                        .get("Authz_create_login_rule")
                + "";
    }

    private Map<String, @Nullable Object> makes(Caller caller, String customer) {
        return fleet.askAs(
                caller, "mutation { Authz_create_login_rule(" + arguments(customer, "sub", "ada", "viewer") + ") }");
    }

    private Caller logsIn(Person person) {
        return fleet.keys
                .callerOf(logins.logIn(person, Optional.empty()).secret())
                .orElseThrow();
    }

    @Test
    void rulesAreListedPageByPage() {
        rule(north, "email", "Ada@Example.org", "operator");
        rule(north, "group", "operators", "viewer");
        rule("", "sub", "root", "admin");

        String list = "login_rules { claim value role } next_cursor";
        String first = data(fleet.askAs(
                        north, "{ Authz_get_login_rules(customer_id: \"" + north + "\", take: 1) { " + list + " } }"))
                + "";
        assertThat(first).contains("ada@example.org", "operator").doesNotContain("operators", "next_cursor=null");
        assertThat(data(fleet.ask("{ Authz_get_login_rules { " + list + " } }")) + "")
                .contains("root", "next_cursor=null");
    }

    @Test
    void aLoginMayWhatItsRuleSaysForItsCustomer() {
        rule(north, "group", "operators", "operator");

        Caller ada = logsIn(person("ada", "operators"));

        assertThat(ada.role()).isEqualTo(Role.OPERATOR);
        assertThat(ada.customerId()).contains(north);
        assertThat(ada.actor().kind()).isEqualTo("login");
        assertThat(ada.actor().name()).isEqualTo("ada@example.org");
        fleet.later(Duration.ofHours(12));
        assertThat(fleet.keys.isGood(ada.actor())).isFalse();
    }

    @Test
    void theEndOfARuleEndsItsLoginsAndNoOthers() {
        String operators = rule(north, "group", "operators", "operator");
        rule(north, "sub", "eve", "viewer");
        Caller ada = logsIn(person("ada", "operators"));
        Caller eve = logsIn(person("eve"));

        data(fleet.ask("mutation { Authz_remove_login_rule(login_rule_id: \"" + operators + "\") }"));

        assertThat(fleet.keys.isGood(ada.actor())).isFalse();
        assertThat(fleet.keys.isGood(eve.actor())).isTrue();
        assertThatThrownBy(() -> logsIn(person("ada", "operators"))).hasMessageContaining("no login rule lets you in");
    }

    @Test
    void whoMayLogInToSeveralCustomersIsToldTheirNames() {
        rule(north, "sub", "ada", "viewer");
        rule(fleet.customer("south"), "sub", "ada", "admin");

        assertThatThrownBy(() -> logins.check(person("ada"), Optional.empty()))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("login.which-customer");
                    assertThat(e.problem().message()).contains("north, south");
                });
        logins.check(person("ada"), Optional.of("south"));
        logins.check(person("ada"), Optional.of(north));
        assertThatThrownBy(() -> logins.check(person("ada"), Optional.of("west")))
                .hasMessageContaining("to customer 'west'");
    }

    @Test
    void onePersonsOldestLoginGivesWay() {
        rule(north, "sub", "ada", "viewer");
        Caller first = logsIn(person("ada"));
        for (int i = 0; i < Logins.MOST_OF_ONE; i++) {
            assertThat(fleet.keys.isGood(first.actor())).isTrue();
            logsIn(person("ada"));
        }

        assertThat(fleet.keys.isGood(first.actor())).isFalse();
    }

    @Test
    void loginsAreForgottenAMonthAfterTheirEnd() {
        rule(north, "sub", "ada", "viewer");
        logsIn(person("ada"));
        fleet.later(Duration.ofDays(30));
        fleet.keys.forgetOld();
        assertThat(fleet.keysOf(north)).hasSize(1);

        fleet.later(Duration.ofDays(1));
        fleet.keys.forgetOld();

        assertThat(fleet.keysOf(north)).isEmpty();
    }

    @Test
    void rulesAreMadeByThoseWhoMayAndLast() {
        Caller expiring = new Caller(
                Actor.key("k", "k"), Optional.of(north), Role.ADMIN, Optional.empty(), Optional.of(Long.MAX_VALUE));
        rule(north, "sub", "boss", "admin");
        rule(north, "sub", "other", "operator");

        assertThat(code(makes(expiring, north))).isIn("login-rule.out-of-bounds", "api-key.refused");
        data(makes(logsIn(person("boss")), north));
        assertThat(code(makes(logsIn(person("other")), north))).isEqualTo("authorization.role");
        assertThat(code(makes(logsIn(person("boss")), ""))).isEqualTo("authorization.installation");
        assertThat(code(makes(logsIn(person("boss")), fleet.customer("south")))).isEqualTo("customer.unknown");
    }

    @Test
    void rulesThatMakeNoSenseAreRefused() {
        rule(north, "email", "ada@example.org", "viewer");

        assertThat(code(fleet.ask("mutation { Authz_create_login_rule("
                        + arguments(north, "email", "ADA@example.org", "admin") + ") }")))
                .isEqualTo("login-rule.exists");
        for (String value : List.of("", "ada", "a b@c", "@", "a@b@c")) {
            assertThat(code(fleet.ask("mutation { Authz_create_login_rule(" + arguments(north, "email", value, "viewer")
                            + ") }")))
                    .isEqualTo("login-rule.value-malformed");
        }
        assertThat(code(fleet.askAs(
                        fleet.customer("south"),
                        "mutation { Authz_remove_login_rule(login_rule_id: \"" + rule(north, "sub", "x", "viewer")
                                + "\") }")))
                .isEqualTo("login-rule.unknown");
    }

    @Test
    void thereAreSoManyCodesAndNoMore() {
        var codes = new LoginCodes(fleet.storage, fleet.time(), new SecureRandom());
        var came = new LoginCodes.Outcome.Came(person("ada", "g"), Optional.of("north"));
        String challenge = LoginCodes.challenge("verifier");

        String code = codes.keep(challenge, came);

        assertThat(codes.take(code, "verifier")).isEqualTo(came);
        assertThatThrownBy(() -> codes.take(code, "verifier")).hasMessageContaining("isn't good");
        var failed = new LoginCodes.Outcome.Failed(new io.skerry.spec.Problem("a.b", "It failed."));
        for (int i = 0; i < LoginCodes.MOST_FAILURES; i++) {
            codes.keep(challenge, failed);
        }
        assertThatThrownBy(() -> codes.keep(challenge, failed)).hasMessageContaining("Too many people");
        codes.keep(challenge, came);
        fleet.later(LoginCodes.LIFE);
        codes.keep(challenge, failed);
    }
}
