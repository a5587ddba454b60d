package io.skerry.cloud.tenancy;

import java.util.Optional;

/**
 * One line of the audit log.
 *
 * @param auditId grows with time, but for what happened within one millisecond
 * @param at milliseconds since 1970
 * @param actor who did it
 * @param customerId whose thing was changed; empty for the installation's
 * @param operation the mutation's name in the fleet API, or a word for what isn't one
 * @param kind of the thing
 * @param id of the thing
 * @param name of the thing, for people
 * @param before JSON; empty when the thing is new
 * @param after JSON; empty when the thing is gone
 */
public record AuditEntry(
        String auditId,
        long at,
        Actor actor,
        Optional<String> customerId,
        String operation,
        String kind,
        String id,
        String name,
        Optional<String> before,
        Optional<String> after) {}
