package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/** What an instance has on its LAN side. */
@Json(naming = Json.Naming.LowerUnderscore)
public record LanAddress(String address, String range, boolean ownRange) {}
