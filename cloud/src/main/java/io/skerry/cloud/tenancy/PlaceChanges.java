package io.skerry.cloud.tenancy;

import java.util.Collection;
import org.jdbi.v3.core.Handle;

/** Told by whoever changes in which groups devices are. */
public interface PlaceChanges {
    /**
     * Gives these devices what they have by their groups now, works out anew what they are to run, and tells those for which it
     * differs, once the change is on the disk. Called inside {@link io.skerry.cloud.storage.Storage#write}, after the change.
     *
     * @param by whose change it is
     * @throws io.skerry.spec.ProblemException {@code instance.needed} when something on a device needs what it would lose
     */
    void moved(Handle handle, Collection<String> nodeIds, Actor by);
}
