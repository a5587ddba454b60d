package io.skerry.cloud.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.skerry.cloud.desired.Selector;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a field was called with, and by whom. */
record Arguments(DataFetchingEnvironment environment) {
    private static final int MOST_TAKEN = 200;
    private static final String SELECTOR = "version_target_selector";

    Caller caller() {
        return Objects.requireNonNull(environment.getGraphQlContext().<Caller>get(Caller.class));
    }

    /** An argument that the schema demands. */
    String text(String name) {
        return optionalText(name).orElseThrow();
    }

    Optional<String> optionalText(String name) {
        return Optional.ofNullable(environment.<Object>getArgument(name)).map(Object::toString);
    }

    /** A whole number; an explicit null counts as left out. */
    int whole(String name, int otherwise) {
        Object given = environment.getArgument(name);
        return given instanceof Number number ? number.intValue() : otherwise;
    }

    /** The ids of a list that the schema demands. */
    List<String> ids(String name) {
        List<?> values = Objects.requireNonNull(environment.<List<?>>getArgument(name));
        return values.stream().map(String::valueOf).toList();
    }

    @SuppressWarnings("unchecked")
    Map<String, @Nullable Object> object(String name) {
        return Objects.requireNonNull(environment.<Map<String, @Nullable Object>>getArgument(name));
    }

    /**
     * How many items a page or list may have.
     *
     * @throws io.skerry.spec.ProblemException {@code input.out-of-range}
     */
    int take() {
        int take = optionalText("take").map(Integer::parseInt).orElse(50);
        if (take < 1 || take > MOST_TAKEN) {
            throw new Problem(
                            "input.out-of-range",
                            "take is " + take + ", which is out of bounds.",
                            "Give 1 to " + MOST_TAKEN + ", and ask for more with next_cursor as cursor.")
                    .asException();
        }
        return take;
    }

    String cursor() {
        return optionalText("cursor").orElse("");
    }

    /**
     * The customer that an argument names, if the caller may see it.
     *
     * @throws io.skerry.spec.ProblemException {@code customer.unknown}
     */
    String customer(String name) {
        return seen(text(name));
    }

    /**
     * This customer's id, if the caller may see it.
     *
     * @throws io.skerry.spec.ProblemException {@code customer.unknown}
     */
    String seen(String customerId) {
        if (!caller().sees(customerId)) {
            throw Customers.unknown(customerId).asException();
        }
        return customerId;
    }

    /** @throws io.skerry.spec.ProblemException {@code authorization.installation} */
    void ofInstallation(String doing) {
        if (!caller().ofInstallation()) {
            throw new Problem(
                            "authorization.installation",
                            "This API key belongs to one customer, and " + doing + " needs a key of the installation.",
                            "Use the key that the control plane showed at its first start, or one made with it.")
                    .asException();
        }
    }

    /**
     * The version selector; a bare null and {@code {value: null}} are the latest.
     *
     * @throws io.skerry.spec.ProblemException {@code selector.missing}, {@code selector.malformed}
     */
    Selector selector() {
        if (!environment.containsArgument(SELECTOR)) {
            throw missingSelector().asException();
        }
        return selectorOrLatest();
    }

    /** As {@link #selector}, but left out it is the latest. */
    Selector selectorOrLatest() {
        Map<?, ?> given = environment.<Map<?, ?>>getArgument(SELECTOR);
        if (given == null) {
            return Selector.LATEST;
        }
        if (!given.containsKey("value")) {
            throw missingSelector().asException();
        }
        Object value = given.get("value");
        return value == null ? Selector.LATEST : Selector.parse(value.toString());
    }

    private static Problem missingSelector() {
        return new Problem(
                "selector.missing",
                "The call doesn't say which version the instances are to follow.",
                "Give version_target_selector as {value: null} for the latest, {value: \"version:N\"} or {value:"
                        + " \"disabled\"}.");
    }
}
