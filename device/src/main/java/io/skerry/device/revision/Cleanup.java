package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Workload;
import java.util.HashSet;
import java.util.Set;

/** Removes what neither the current nor the previous revision needs. Can be done again at any time. For one thread. */
final class Cleanup {
    private static final System.Logger LOG = System.getLogger(Cleanup.class.getName());

    private final RevisionStore store;
    private final Images images;
    private final Containers containers;
    private final Volumes volumes;

    Cleanup(RevisionStore store, Images images, Containers containers, Volumes volumes) {
        this.store = store;
        this.images = images;
        this.containers = containers;
        this.volumes = volumes;
    }

    /**
     * After a commit: volumes of containers that are gone, images, and the records of old revisions. What can't be removed now
     * is removed another time.
     *
     * @param coming what is being prepared, whose images are kept too
     */
    void afterCommit(Workload committed, Workload coming) {
        try {
            Set<String> gone = new HashSet<>(store.containersEver());
            gone.removeAll(committed.containers().keySet());
            gone.removeAll(containers.present().keySet());
            gone.forEach(volumes::remove);
            images(committed, coming);
            store.prune();
        } catch (ProblemException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "couldn't clean up: " + e.problem().sentence(),
                    e);
        }
    }

    /** Only the images, to make room for those that are coming. */
    void images(Workload committed, Workload coming) {
        Set<Digest> keep = manifests(committed);
        keep.addAll(manifests(coming));
        store.previous().ifPresent(r -> keep.addAll(manifests(r.workload())));
        store.trying().ifPresent(r -> keep.addAll(manifests(r.workload())));
        containers
                .present()
                .values()
                .forEach(c -> keep.add(c.container().image().manifest()));
        images.collect(keep);
    }

    static Set<Digest> manifests(Workload workload) {
        Set<Digest> manifests = new HashSet<>();
        workload.containers().values().forEach(c -> manifests.add(c.image().manifest()));
        return manifests;
    }
}
