package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/** A customer of the installation; instants here and in the other records are milliseconds since 1970. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Customer(String customerId, String name, long createdAt) {}
