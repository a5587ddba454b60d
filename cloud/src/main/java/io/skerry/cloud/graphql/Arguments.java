package io.skerry.cloud.graphql;

import graphql.schema.DataFetchingEnvironment;
import io.skerry.cloud.desired.Selector;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a field was called with, and by whom. */
record Arguments(DataFetchingEnvironment environment) {
    /** How many items a page may have. */
    static final int MOST_TAKEN = 200;
    /** How many it has at most when nobody says. */
    static final int USUALLY_TAKEN = 50;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TWO_IDS = Pattern.compile(ID + "/" + ID);
    private static final int MOST_PAIRS = 64;
    private static final String SELECTOR = "version_target_selector";

    Caller caller() {
        return Objects.requireNonNull(environment.getGraphQlContext().<Caller>get(Caller.class));
    }

    /** Says that the answer is another one after a change of this device. */
    void watches(String nodeId) {
        watched().add(nodeId);
    }

    /** Says that there will be no other answer. */
    void watchesNoMore() {
        watched().ends();
    }

    private Watched watched() {
        return Objects.requireNonNull(environment.getGraphQlContext().<Watched>get(Watched.class));
    }

    /** What the object whose field it is says of itself. */
    String of(String field) {
        Map<?, ?> object = Objects.requireNonNull(environment.<@Nullable Map<?, ?>>getSource());
        return String.valueOf(object.get(field));
    }

    /** Whether the answer is to have one of these fields. */
    boolean asksForAnyOf(List<String> fields) {
        return fields.stream().anyMatch(environment.getSelectionSet()::contains);
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

    /** Whether it was given, be it null. */
    boolean given(String name) {
        return environment.containsArgument(name);
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(environment.<Boolean>getArgument(name));
    }

    /** A whole number of up to 64 bits, if it was given and isn't null. */
    Optional<Long> large(String name) {
        return environment.<Object>getArgument(name) instanceof Number number
                ? Optional.of(number.longValue())
                : Optional.empty();
    }

    /** The ids of a list that the schema demands. */
    List<String> ids(String name) {
        List<?> values = Objects.requireNonNull(environment.<List<?>>getArgument(name));
        return values.stream().map(String::valueOf).toList();
    }

    /** As {@link #ids}, of which there may be so many. */
    List<String> ids(String name, int most) {
        List<String> ids = ids(name);
        if (ids.size() > most) {
            throw tooMany(name, ids.size(), most);
        }
        return ids;
    }

    /** The words of a list, of which there may be so many; left out or null, none. */
    List<String> words(String name, int most) {
        List<?> given = environment.<List<?>>getArgument(name);
        if (given == null) {
            return List.of();
        }
        if (given.size() > most) {
            throw tooMany(name, given.size(), most);
        }
        return given.stream().map(String::valueOf).toList();
    }

    private static RuntimeException tooMany(String name, int given, int most) {
        return new Problem("input.too-many", name + " has " + given + " entries.", "Give at most " + most + ".")
                .asException();
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
        int take = optionalText("take").map(Integer::parseInt).orElse(USUALLY_TAKEN);
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
     * The cursor of a list whose pages end with ids: empty, or an id.
     *
     * @throws io.skerry.spec.ProblemException {@code input.cursor-unknown}
     */
    String idCursor() {
        return cursorOf(ID);
    }

    /** As that, of two ids with a slash between them. */
    String idPairCursor() {
        return cursorOf(TWO_IDS);
    }

    private String cursorOf(Pattern form) {
        String cursor = cursor();
        if (!cursor.isEmpty() && !form.matcher(cursor).matches()) {
            throw Page.unknownCursor(cursor).asException();
        }
        return cursor;
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

    /**
     * The device that an argument names; for a key that is good for one device alone, that one.
     *
     * @param customer names the argument that says whose it is
     * @throws io.skerry.spec.ProblemException {@code customer.unknown} when the caller may see neither
     */
    Optional<String> nodeSeen(String customer, String node) {
        String customerId = text(customer);
        Optional<String> wanted = optionalText(node).or(caller()::nodeId);
        if (wanted.isPresent() && caller().sees(customerId, wanted.get())) {
            return wanted;
        }
        seen(customerId);
        return wanted;
    }

    /** Pairs of {@code name} and {@code value}, if the argument was given and isn't null. */
    Optional<Map<String, String>> pairs(String name) {
        List<?> given = environment.<List<?>>getArgument(name);
        if (given == null) {
            return Optional.empty();
        }
        if (given.size() > MOST_PAIRS) {
            throw tooMany(name, given.size(), MOST_PAIRS);
        }
        Map<String, String> pairs = new TreeMap<>();
        for (Object one : given) {
            Map<?, ?> pair = (Map<?, ?>) one;
            String key = String.valueOf(pair.get("name"));
            if (pairs.put(key, String.valueOf(pair.get("value"))) != null) {
                throw new Problem(
                                "input.twice",
                                name + " has '" + Text.shortened(key, 80) + "' twice.",
                                "Give each name once.")
                        .asException();
            }
        }
        return Optional.of(pairs);
    }

    /**
     * Before each thing that is asked for: a call may take long, and its key may be revoked or expire meanwhile.
     *
     * @throws io.skerry.spec.ProblemException {@code api-key.refused}, {@code authorization.role}
     */
    void require(Role role, String operation) {
        if (!Objects.requireNonNull(environment.getGraphQlContext().<StillGood>get(StillGood.class))
                .isGood(caller().actor())) {
            throw new Problem(
                            "api-key.refused",
                            "The API key was revoked or has expired since the call began.",
                            "Use another key.")
                    .asException();
        }
        caller().lacks(role, operation).ifPresent(problem -> {
            throw problem.asException();
        });
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
