package io.skerry.cloud.login;

import io.skerry.cloud.tenancy.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * By which rule a person comes in, and to whose things.
 *
 * @param rule the one by which the person may do most
 * @param customerId whose things; empty: those of the whole installation
 */
record Chosen(LoginRule rule, Optional<String> customerId) {
    private static final Comparator<LoginRule> STRONGEST = Comparator.<LoginRule, Role>comparing(LoginRule::role)
            .thenComparing(r -> r.customerId().isPresent());

    Role role() {
        return rule.role();
    }

    /** Within one customer: by its own rules, or by those of the installation. */
    static Optional<Chosen> within(String customerId, List<LoginRule> matching) {
        return matching.stream()
                .filter(r -> r.customerId().map(customerId::equals).orElse(true))
                .max(STRONGEST)
                .map(r -> new Chosen(r, Optional.of(customerId)));
    }

    /** As far as the rules reach: the whole installation, else the only customer; none when there are several. */
    static Optional<Chosen> widest(List<LoginRule> matching) {
        Optional<LoginRule> ofAll =
                matching.stream().filter(r -> r.customerId().isEmpty()).max(STRONGEST);
        if (ofAll.isPresent()) {
            return Optional.of(new Chosen(ofAll.get(), Optional.empty()));
        }
        List<String> customers = customers(matching);
        return customers.size() == 1 ? within(customers.getFirst(), matching) : Optional.empty();
    }

    static List<String> customers(List<LoginRule> matching) {
        return matching.stream()
                .flatMap(r -> r.customerId().stream())
                .distinct()
                .toList();
    }
}
