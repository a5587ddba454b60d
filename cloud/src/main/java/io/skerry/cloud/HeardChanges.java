package io.skerry.cloud;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.PublishedStates;
import io.skerry.cloud.node.Identities;
import io.skerry.cloud.node.NodeWatch;
import io.skerry.cloud.replica.ChangeFollower;
import io.skerry.cloud.replica.FleetChange;
import io.skerry.cloud.tenancy.ApiKeys;
import java.util.function.Consumer;

/**
 * What this process keeps in memory and other processes change.
 *
 * @param onRemoved told the id of each node that is gone
 */
record HeardChanges(
        ApiKeys keys,
        Identities identities,
        PublishedStates published,
        DesiredStates states,
        NodeWatch watch,
        Consumer<String> onRemoved)
        implements ChangeFollower.Audience {
    @Override
    public void heard(FleetChange change) {
        switch (change) {
            case FleetChange.Told told -> published.publish(told.nodeId(), told.position());
            case FleetChange.Enrolled enrolled -> identities.reload(enrolled.keyFingerprint());
            case FleetChange.Removed removed -> {
                identities.reload(removed.keyFingerprint());
                onRemoved.accept(removed.nodeId());
            }
            case FleetChange.Reported reported -> watch.changed(reported.nodeId());
            case FleetChange.KeyChanged changed -> keys.reload(changed.apiKeyId());
        }
    }

    @Override
    public void missed() {
        keys.reload();
        identities.reload().forEach(onRemoved);
        states.load();
    }
}
