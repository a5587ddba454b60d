package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Workload;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** Removes what neither the current nor the previous revision needs. Can be done again at any time. For one thread. */
final class Cleanup {
    private static final System.Logger LOG = System.getLogger(Cleanup.class.getName());

    private final RevisionStore store;
    private final Hands hands;
    private final Supplier<Workload> coming;

    /** @param coming what is being prepared, whose content is kept too */
    Cleanup(RevisionStore store, Hands hands, Supplier<Workload> coming) {
        this.store = store;
        this.hands = hands;
        this.coming = coming;
    }

    /**
     * After a commit: volumes of containers that are gone, how volumes were before, images, and the records of old revisions.
     * What can't be removed now is removed another time.
     */
    void afterCommit(Workload committed) {
        try {
            Set<String> gone = new HashSet<>(store.containersEver());
            gone.removeAll(committed.containers().keySet());
            gone.removeAll(hands.containers().present().keySet());
            gone.forEach(hands.volumes()::remove);
            hands.volumes().keepOnly(Set.of());
            images(committed);
            store.prune();
        } catch (ProblemException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "couldn't clean up: " + e.problem().sentence(),
                    e);
        }
    }

    /** Only content that no kept revision needs, to make room for what is coming. */
    void makeRoom(Workload target) {
        Set<Digest> keep = kept(store.current().workload());
        keep.addAll(manifests(target));
        hands.images().collect(keep);
    }

    private void images(Workload committed) {
        hands.images().collect(kept(committed));
    }

    private Set<Digest> kept(Workload committed) {
        Set<Digest> keep = manifests(committed);
        keep.addAll(manifests(coming.get()));
        store.previous().ifPresent(r -> keep.addAll(manifests(r.workload())));
        store.trying().ifPresent(r -> keep.addAll(manifests(r.workload())));
        hands.containers().present().values().forEach(p -> {
            keep.add(p.container().image().manifest());
            p.beside().ifPresent(c -> keep.add(c.image().manifest()));
        });
        return keep;
    }

    static Set<Digest> manifests(Workload workload) {
        Set<Digest> manifests = new HashSet<>();
        workload.containers().values().forEach(c -> manifests.add(c.image().manifest()));
        return manifests;
    }
}
