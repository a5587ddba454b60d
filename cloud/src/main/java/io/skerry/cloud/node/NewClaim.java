package io.skerry.cloud.node;

import java.time.Duration;
import java.util.Optional;

/**
 * What a claim token is to be good for.
 *
 * @param customerId whose the devices become
 * @param nodeName how they are to be called (made unique for the second and later ones); empty: as they call themselves
 * @param groupId the group in which they begin; empty: at the customer's root
 * @param uses how many devices may enrol with it, 1 to 100,000
 * @param valid from now on, one minute to 366 days
 */
public record NewClaim(
        String customerId, Optional<String> nodeName, Optional<String> groupId, int uses, Duration valid) {}
