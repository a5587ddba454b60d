package io.skerry.cli.api;

import java.util.Optional;

/** A key that an instance is to find; the cloud fills in what is left out. */
public record NewInjectedKey(
        String instanceId,
        Optional<String> role,
        boolean wholeCustomer,
        Optional<String> path,
        Optional<String> mode,
        Optional<Long> rotateMinutes,
        Optional<Long> overlapMinutes) {}
