package io.skerry.cloud;

import io.skerry.cloud.config.ConfigRows;
import io.skerry.cloud.config.SealingKeys;
import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.instance.GroupInstances;
import io.skerry.cloud.node.ClaimTokens;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Customers;
import io.skerry.cloud.tenancy.Groups;
import java.time.InstantSource;

/**
 * What the doors of a control plane share.
 *
 * @param installation by which it is known where what it keeps lies beside others' things
 */
record SharedParts(
        String installation,
        Storage storage,
        Ids ids,
        InstantSource time,
        Customers customers,
        ApiKeys apiKeys,
        Groups groups,
        AuditLog audit,
        Nodes nodes,
        ClaimTokens claimTokens,
        DesiredStates states,
        GroupInstances byGroup,
        ConfigRows config,
        SealingKeys sealing,
        Events events) {}
