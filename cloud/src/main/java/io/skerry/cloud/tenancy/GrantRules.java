package io.skerry.cloud.tenancy;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What a new API key can be good for. */
final class GrantRules {
    private static final int LONGEST_NAME = 200;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(3653);

    private GrantRules() {}

    /**
     * Refuses a key that can't be.
     *
     * @param now milliseconds since 1970
     * @throws io.skerry.spec.ProblemException {@code customer.unknown}, {@code node.unknown}, {@code api-key.name-malformed},
     *     {@code api-key.out-of-bounds}, {@code api-key.contradiction}
     */
    static void check(Handle h, KeyGrant grant, Caller by, long now) {
        grant.customerId().ifPresent(id -> Customers.require(h, id));
        String name = grant.name();
        if (name.isBlank()
                || name.length() > LONGEST_NAME
                || !Text.shortened(name, LONGEST_NAME).equals(name)
                || name.codePoints().anyMatch(GrantRules::isUnseen)) {
            throw new Problem(
                            "api-key.name-malformed",
                            "An API key can't be named '" + Text.shortened(name, 60) + "'.",
                            "Give it 1 to " + LONGEST_NAME + " printable characters that say who uses it.")
                    .asException();
        }
        if (grant.valid()
                .filter(v -> v.compareTo(SHORTEST) < 0 || v.compareTo(LONGEST) > 0)
                .isPresent()) {
            throw new Problem(
                            "api-key.out-of-bounds",
                            "An API key can't be good for "
                                    + grant.valid().get().toMinutes() + " minutes.",
                            "Ask for 1 to " + LONGEST.toMinutes() + " minutes, or leave valid_minutes out.")
                    .asException();
        }
        grant.nodeId().ifPresent(node -> requireNode(h, grant.customerId(), node));
        refuseOutlasting(grant, by, now);
    }

    /** Such as the marks that turn the direction of what follows, by which a name would look like another one. */
    private static boolean isUnseen(int character) {
        return Character.getType(character) == Character.FORMAT;
    }

    /** Else whoever has a key for a while had one for ever. */
    private static void refuseOutlasting(KeyGrant grant, Caller by, long now) {
        long end = grant.valid().map(v -> now + v.toMillis()).orElse(Long.MAX_VALUE);
        by.expiresAt().filter(at -> at < end).ifPresent(at -> {
            throw new Problem(
                            "api-key.out-of-bounds",
                            "An API key can't be good for longer than the one that makes it, which expires in "
                                    + Math.max(0, (at - now) / 60_000) + " minutes.",
                            "Ask for fewer valid_minutes, or make it with a key that lasts.")
                    .asException();
        });
    }

    private static void requireNode(
            Handle h, @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> customer, String node) {
        if (customer.isEmpty()) {
            throw new Problem(
                            "api-key.contradiction",
                            "A key of the whole installation can't be good for one device alone.",
                            "Give the device's customer_id too.")
                    .asException();
        }
        if (h.createQuery("SELECT 1 FROM nodes WHERE node_id = :node AND customer_id = :customer")
                .bind("node", node)
                .bind("customer", customer)
                .mapTo(Integer.class)
                .findOne()
                .isEmpty()) {
            throw new Problem(
                            "node.unknown",
                            "There is no node '" + Text.shortened(node, 60) + "'.",
                            "Look the ids up with DM_get_nodes or 'skerry node ls'.")
                    .asException();
        }
    }
}
