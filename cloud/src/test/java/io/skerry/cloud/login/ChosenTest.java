package io.skerry.cloud.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.tenancy.Role;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChosenTest {
    private static LoginRule rule(String id, String customer, Role role) {
        return new LoginRule(id, Optional.of(customer).filter(c -> !c.isEmpty()), LoginClaim.SUB, "ada", role, 1);
    }

    private static String words(Optional<Chosen> chosen) {
        return chosen.map(c -> c.rule().loginRuleId() + " " + c.customerId().orElse("all"))
                .orElse("none");
    }

    @Test
    void theStrongestRuleOfTheOnlyCustomerCounts() {
        var rules = List.of(rule("1", "north", Role.VIEWER), rule("2", "north", Role.OPERATOR));

        assertThat(words(Chosen.widest(rules))).isEqualTo("2 north");
    }

    @Test
    void whoMayLogInToSeveralCustomersMustSayToWhich() {
        var rules = List.of(rule("1", "north", Role.VIEWER), rule("2", "south", Role.ADMIN));

        assertThat(words(Chosen.widest(rules))).isEqualTo("none");
        assertThat(words(Chosen.within("north", rules))).isEqualTo("1 north");
        assertThat(words(Chosen.within("west", rules))).isEqualTo("none");
    }

    @Test
    void aRuleOfTheInstallationReachesEverywhereAndStaysWithinACustomerThatWasNamed() {
        var rules = List.of(rule("1", "", Role.OPERATOR), rule("2", "north", Role.ADMIN));

        assertThat(words(Chosen.widest(rules))).isEqualTo("1 all");
        assertThat(words(Chosen.within("north", rules))).isEqualTo("2 north");
        assertThat(words(Chosen.within("south", rules))).isEqualTo("1 south");
    }
}
