package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** Who may log in, and as what; without a customer, to the whole installation. */
@Json(naming = Json.Naming.LowerUnderscore)
public record LoginRule(
        String loginRuleId, Optional<String> customerId, String claim, String value, String role, long createdAt) {}
