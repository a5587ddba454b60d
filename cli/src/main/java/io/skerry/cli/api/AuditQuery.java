package io.skerry.cli.api;

import java.util.Optional;

/**
 * Which lines of the audit log are wanted.
 *
 * @param customerId empty: the whole installation's
 * @param subjectId of what was changed
 * @param actorId of who changed it
 */
public record AuditQuery(Optional<String> customerId, Optional<String> subjectId, Optional<String> actorId) {}
