package io.skerry.cloud;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.node.ClaimTokens;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.Customers;
import java.time.InstantSource;

/** What the doors of a control plane share. */
record SharedParts(
        Storage storage,
        Ids ids,
        InstantSource time,
        Customers customers,
        ApiKeys apiKeys,
        Nodes nodes,
        ClaimTokens claimTokens,
        DesiredStates states) {}
