package io.skerry.cli.api;

import java.util.Optional;

/** What a claim token is to allow; the cloud fills in what is left out. */
public record ClaimRequest(
        String customerId,
        Optional<String> nodeName,
        Optional<String> groupId,
        Optional<Integer> uses,
        Optional<Integer> validMinutes) {}
