package io.skerry.cloud.tenancy;

import io.skerry.spec.Problem;
import java.util.Optional;

/**
 * Who calls an operators' API.
 *
 * @param actor as the audit log names it
 * @param customerId the one customer whose things it may see; empty for a key of the whole installation
 * @param role what it may do with what it may see
 * @param nodeId the one device that it is about, if it is about one alone
 * @param expiresAt milliseconds since 1970, until when it may
 */
public record Caller(
        Actor actor, Optional<String> customerId, Role role, Optional<String> nodeId, Optional<Long> expiresAt) {
    /** A key of the whole installation that may do everything. */
    public static Caller everything(Actor actor) {
        return new Caller(actor, Optional.empty(), Role.ADMIN, Optional.empty(), Optional.empty());
    }

    /**
     * What is told whoever hasn't this role; empty when it has.
     *
     * @param doing what it wants to do, for the message
     */
    public Optional<Problem> lacks(Role needed, String doing) {
        return role.includes(needed)
                ? Optional.empty()
                : Optional.of(new Problem(
                        "authorization.role",
                        "This API key has the role " + role.word() + ", and " + doing + " needs the role "
                                + needed.word() + ".",
                        "Use another key, or have an admin make one with this role."));
    }

    /** The same within a try at an idempotent call: whatever it changes is noted as that try's. */
    public Caller within(String attemptId) {
        var trying = new Actor(actor.kind(), actor.id(), actor.name(), Optional.of(attemptId));
        return new Caller(trying, customerId, role, nodeId, expiresAt);
    }

    /** By which key it calls. */
    public String apiKeyId() {
        return actor.id();
    }

    /** Whether it may see that customer's things, whichever device they are about. */
    public boolean sees(String customer) {
        return nodeId.isEmpty() && isOf(customer);
    }

    /** Whether it may see what is about that device of that customer. */
    public boolean sees(String customer, String node) {
        return isOf(customer) && nodeId.map(node::equals).orElse(true);
    }

    /** Whether it belongs to that customer, or to the installation. */
    public boolean isOf(String customer) {
        return customerId.map(customer::equals).orElse(true);
    }

    /** Whether it may see everything. */
    public boolean ofInstallation() {
        return customerId.isEmpty();
    }
}
