package io.skerry.cloud.node;

import java.util.Collection;
import org.jdbi.v3.core.Handle;

/** Told by whoever changes what nodes are to run: a service's versions, instances, a node's capabilities. */
public interface WorkloadChanges {
    /**
     * Works out anew what these nodes are to run and tells those for which it differs, once the change is on the disk.
     * Called inside {@link io.skerry.cloud.storage.Storage#write}, after the change.
     *
     * @param nodeIds nodes that may be concerned; one that isn't there is passed over
     */
    void refresh(Handle handle, Collection<String> nodeIds);
}
