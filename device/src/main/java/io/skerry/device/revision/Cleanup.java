package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Workload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Removes what neither the current nor the previous revision needs. Can be done again at any time. For one thread. */
final class Cleanup {
    private static final System.Logger LOG = System.getLogger(Cleanup.class.getName());

    private final RevisionStore store;
    private final Hands hands;
    private final Supplier<List<Workload>> coming;

    /** @param coming what is being prepared or asked for, of which what is there already is kept too */
    Cleanup(RevisionStore store, Hands hands, Supplier<List<Workload>> coming) {
        this.store = store;
        this.hands = hands;
        this.coming = coming;
    }

    /**
     * After a commit: volumes of containers that are gone, how volumes were before, images, and the records of old revisions.
     *
     * @throws ProblemException for the first that can't be removed now; all else is
     */
    void afterCommit(Workload committed) {
        List<ProblemException> failures = new ArrayList<>();
        for (String container : gone(committed)) {
            attempt(() -> hands.volumes().remove(container), failures);
        }
        attempt(() -> hands.volumes().keepOnly(Set.of()), failures);
        attempt(() -> hands.images().collect(kept(committed)), failures);
        attempt(store::prune, failures);
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private static void attempt(Runnable removal, List<ProblemException> failures) {
        try {
            removal.run();
        } catch (ProblemException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "couldn't clean up: " + e.problem().sentence(),
                    e);
            failures.add(e);
        }
    }

    private Set<String> gone(Workload committed) {
        Set<String> gone = new TreeSet<>(store.containersEver());
        gone.removeAll(committed.containers().keySet());
        gone.removeAll(hands.containers().present().keySet());
        coming.get().forEach(w -> gone.removeAll(w.containers().keySet()));
        return gone;
    }

    /** Only content that no kept revision needs, to make room for what is coming. */
    void makeRoom(Workload target) {
        Set<Digest> keep = kept(store.current().workload());
        keep.addAll(manifests(target));
        hands.images().collect(keep);
    }

    private Set<Digest> kept(Workload committed) {
        Set<Digest> keep = manifests(committed);
        coming.get().forEach(w -> keep.addAll(manifests(w)));
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
