package io.skerry.cloud.node;

import io.skerry.cloud.replica.ChangeLog;
import io.skerry.cloud.replica.FleetChange;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.status.DeviceStatus;
import java.time.InstantSource;
import java.util.List;

/** What devices say of themselves: the newest of each is kept. */
public final class NodeStatuses {
    private final Storage storage;
    private final InstantSource time;
    private final WorkloadChanges workloads;
    private final StatusChanges observer;
    private final NodeWatch watch;
    private final ChangeLog changes;

    /**
     * @param observer told of each status within the work that keeps it
     * @param watch told of each status once it is kept, as are {@code changes}
     */
    public NodeStatuses(
            Storage storage,
            InstantSource time,
            WorkloadChanges workloads,
            StatusChanges observer,
            NodeWatch watch,
            ChangeLog changes) {
        this.storage = storage;
        this.time = time;
        this.workloads = workloads;
        this.observer = observer;
        this.watch = watch;
        this.changes = changes;
    }

    /** Keeps a status; one with other capabilities than before may change what the node is to run. */
    public void reported(String nodeId, DeviceStatus status) {
        String json = DeviceStatus.JSON.toJson(status);
        String capabilities = Nodes.CAPABILITIES.toJson(status.capabilities());
        storage.write(h -> {
            int changed = h.createUpdate("UPDATE nodes SET capabilities = :capabilities"
                            + " WHERE node_id = :id AND capabilities <> :capabilities")
                    .bind("capabilities", capabilities)
                    .bind("id", nodeId)
                    .execute();
            h.createUpdate("UPDATE nodes SET status = :status, status_at = :now, last_seen_at = :now"
                            + " WHERE node_id = :id")
                    .bind("status", json)
                    .bind("now", time.millis())
                    .bind("id", nodeId)
                    .execute();
            if (changed > 0) {
                workloads.refresh(h, List.of(nodeId));
            }
            observer.reported(h, nodeId, status);
            changes.note(h, new FleetChange.Reported(nodeId));
            storage.afterCommit(() -> watch.changed(nodeId));
            return changed;
        });
    }
}
