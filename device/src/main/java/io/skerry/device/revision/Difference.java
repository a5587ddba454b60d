package io.skerry.device.revision;

import io.skerry.device.revision.Step.Why;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** In what a wanted workload differs from what there is on the device. Pure. */
final class Difference {
    private final Situation now;
    private final Workload wanted;
    private final Set<String> touched;

    Difference(Situation now, Workload wanted) {
        this.now = now;
        this.wanted = wanted;
        this.touched = looksTouched();
    }

    /** What must be stopped or started, by name. */
    Set<String> touched() {
        return touched;
    }

    private Set<String> looksTouched() {
        Set<String> touched = new TreeSet<>();
        now.present().forEach((name, is) -> {
            if (!is.kept() || is.beside().isPresent() || !runs(name, wanted)) {
                touched.add(name);
            }
        });
        wanted.containers().keySet().stream()
                .filter(n -> !now.present().containsKey(n) || !toPutBack(n).isEmpty())
                .forEach(touched::add);
        return touched;
    }

    /** What there is and isn't to stay as it is, the last started first. */
    List<String> stopOrder() {
        List<String> stopped = new ArrayList<>(StartOrder.of(now.committed()).names().reversed().stream()
                .filter(now.present()::containsKey)
                .toList());
        new TreeSet<>(now.present().keySet())
                .stream().filter(n -> !stopped.contains(n)).forEach(stopped::add);
        stopped.removeIf(n -> runs(n, wanted) && toPutBack(n).isEmpty());
        return stopped;
    }

    /** What has not proven itself yet: what differs from the committed workload or is started now. */
    List<String> watched() {
        return wanted.containers().entrySet().stream()
                .filter(e -> !Forms.same(e.getValue(), committed(e.getKey())) || touched.contains(e.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    List<String> gone() {
        Set<String> gone = new TreeSet<>(now.present().keySet());
        gone.addAll(now.committed().containers().keySet());
        gone.removeAll(wanted.containers().keySet());
        return List.copyOf(gone);
    }

    /** The volumes of a container whose content must be kept before its new form is started, and isn't yet. */
    List<String> toKeep(String name) {
        Container shall = wanted.containers().get(name);
        if (shall == null || committed(name).isEmpty() || Forms.same(shall, committed(name))) {
            return List.of();
        }
        return shall.volumes().stream()
                .filter(VolumeMount::snapshot)
                .map(VolumeMount::source)
                .filter(v -> now.volumes().contains(new VolumeId(name, v)))
                .filter(v -> !now.snapshots().contains(new VolumeId(name, v)))
                .filter(_ -> !runs(name, shall))
                .toList();
    }

    /**
     * The volumes of a container that is to be as it is committed, but was on trial in another form, which may have made of them
     * what the committed one doesn't know.
     */
    List<String> toPutBack(String name) {
        Container shall = wanted.containers().get(name);
        return shall == null || !Forms.same(shall, committed(name))
                ? List.of()
                : now.snapshots().stream()
                        .filter(s -> s.container().equals(name))
                        .map(VolumeId::volume)
                        .sorted()
                        .toList();
    }

    /** What runs, with the rules that were committed last, which it may not have been started with. */
    Container running(String name, Present is) {
        return committed(name).filter(c -> Forms.same(is.container(), c)).orElse(is.container());
    }

    Optional<Container> committed(String name) {
        return Optional.ofNullable(now.committed().containers().get(name));
    }

    Container shall(String name) {
        Container container = wanted.containers().get(name);
        if (container == null) {
            throw new IllegalStateException("the wanted workload has no container " + name);
        }
        return container;
    }

    Why missingOrNew(String name) {
        return Forms.same(shall(name), committed(name)) ? Why.MISSING : Why.NEW;
    }

    Why changedOrRemoved(String name) {
        return wanted.containers().containsKey(name) ? Why.CHANGED : Why.REMOVED;
    }

    private boolean runs(String name, Workload workload) {
        Container form = workload.containers().get(name);
        return form != null && runs(name, form);
    }

    private boolean runs(String name, Container form) {
        Present is = now.present().get(name);
        return is != null && Forms.same(is.container(), form);
    }
}
