package io.skerry.cli.session;

import io.skerry.cli.api.Customer;
import io.skerry.cli.api.Fleet;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One person's access to one cloud.
 *
 * @param fleet the cloud's API
 * @param profile the login's name; empty when it came from the environment
 * @param wantedCustomer whose fleet is meant, by name or id
 */
public record Session(Fleet fleet, Optional<String> profile, Optional<String> wantedCustomer) {

    /**
     * Whose fleet is meant: the one that was named, or the only one that the key may see.
     *
     * @throws io.skerry.spec.ProblemException {@code customer.not-found}, or {@code usage.customer} when it must be named
     */
    public Customer customer() {
        List<Customer> visible = fleet.customers();
        if (wantedCustomer.isPresent()) {
            return Resolution.one("customer", wantedCustomer.get(), visible, Customer::customerId, Customer::name);
        }
        return switch (visible.size()) {
            case 1 -> visible.getFirst();
            case 0 ->
                throw new Problem(
                                "customer.not-found",
                                "There is no customer yet.",
                                "Make one: skerry customer add NAME.")
                        .asException();
            default ->
                throw new Problem(
                                "usage.customer",
                                "There are several customers: "
                                        + visible.stream()
                                                .map(Customer::name)
                                                .limit(10)
                                                .collect(Collectors.joining(", "))
                                        + ".",
                                "Say whose fleet is meant: --customer NAME.")
                        .asException();
        };
    }

    /** The customers that are meant: the one that was named, or all that the key may see. */
    public List<Customer> customers() {
        return wantedCustomer.isPresent() ? List.of(customer()) : fleet.customers();
    }

    /** The things of the fleet by id or name. */
    public Lookup lookup() {
        return new Lookup(this);
    }
}
