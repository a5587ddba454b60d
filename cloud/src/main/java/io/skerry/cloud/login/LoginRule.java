package io.skerry.cloud.login;

import io.skerry.cloud.tenancy.Role;
import java.util.Optional;

/**
 * Who may log in, and as what.
 *
 * @param customerId to whose things; empty: to those of the whole installation
 * @param claim by what people are known
 * @param value that this must have
 * @param role what they may do then
 * @param createdAt milliseconds since 1970
 */
public record LoginRule(
        String loginRuleId, Optional<String> customerId, LoginClaim claim, String value, Role role, long createdAt) {
    /** Whether it lets this person in. */
    boolean matches(Person person) {
        return switch (claim) {
            case EMAIL -> person.email().map(value::equals).orElse(false);
            case SUB -> value.equals(person.subject());
            case GROUP -> person.groups().contains(value);
        };
    }

    /** As people read it. */
    String words() {
        return claim.word() + " " + value;
    }
}
