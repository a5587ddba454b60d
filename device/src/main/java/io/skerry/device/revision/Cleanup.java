package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Removes what neither the current nor the previous revision needs. Can be done again at any time. For one thread. */
final class Cleanup {
    private static final System.Logger LOG = System.getLogger(Cleanup.class.getName());

    private final RevisionStore store;
    private final ConfigContents contents;
    private final Hands hands;
    private final Supplier<List<Workload>> coming;

    /** @param coming what is being prepared or asked for, of which what is there already is kept too */
    Cleanup(RevisionStore store, ConfigContents contents, Hands hands, Supplier<List<Workload>> coming) {
        this.store = store;
        this.contents = contents;
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
        attempt(() -> contents.keepOnly(configs(committed)), failures);
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
        return containers(committed).map(c -> c.image().manifest()).collect(Collectors.toCollection(HashSet::new));
    }

    private Set<Digest> configs(Workload committed) {
        return containers(committed)
                .flatMap(c -> c.config().stream())
                .flatMap(c -> c.files().stream())
                .map(ConfigFile::digest)
                .collect(Collectors.toSet());
    }

    /** All containers that may be started yet. */
    private Stream<Container> containers(Workload committed) {
        List<Workload> workloads = new ArrayList<>(coming.get());
        workloads.add(committed);
        store.previous().ifPresent(r -> workloads.add(r.workload()));
        store.trying().ifPresent(r -> workloads.add(r.workload()));
        return Stream.concat(
                workloads.stream().flatMap(w -> w.containers().values().stream()),
                hands.containers().present().values().stream()
                        .flatMap(p -> Stream.concat(Stream.of(p.container()), p.beside().stream())));
    }

    static Set<Digest> manifests(Workload workload) {
        Set<Digest> manifests = new HashSet<>();
        workload.containers().values().forEach(c -> manifests.add(c.image().manifest()));
        return manifests;
    }
}
