package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** One line of the audit log: before and after are JSON. */
@Json(naming = Json.Naming.LowerUnderscore)
public record AuditEntry(
        String auditId,
        long at,
        Optional<String> customerId,
        String actorKind,
        String actorId,
        String actorName,
        String operation,
        String subjectKind,
        String subjectId,
        String subjectName,
        Optional<String> before,
        Optional<String> after) {}
