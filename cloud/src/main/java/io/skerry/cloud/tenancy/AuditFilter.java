package io.skerry.cloud.tenancy;

import java.util.Optional;

/**
 * Which lines of the audit log are wanted.
 *
 * @param customerId whose; empty for all of the installation's
 * @param id of the thing that was changed
 * @param actorId who did it
 * @param afterOrAt milliseconds since 1970, inclusive
 * @param before milliseconds since 1970, exclusive
 */
public record AuditFilter(
        Optional<String> customerId,
        Optional<String> id,
        Optional<String> actorId,
        Optional<Long> afterOrAt,
        Optional<Long> before) {}
