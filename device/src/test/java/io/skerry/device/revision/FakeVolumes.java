package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.VolumeReports;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Volumes in memory; each holds the names of the programs that wrote to it. They outlive the engine. */
final class FakeVolumes implements Volumes {
    final List<String> removed = new CopyOnWriteArrayList<>();
    private final Map<VolumeId, String> contents = new TreeMap<>();
    private final Map<Integer, Map<VolumeId, Kept>> kept = new HashMap<>();
    private final Set<VolumeId> halves = new TreeSet<>();
    private boolean full;
    /** One on with each volume that is kept or put back. */
    private long time;
    /** Told of each point amid a call at which a daemon may be killed. */
    volatile Consumer<String> amid = _ -> {};

    private record Kept(String content, long takenAt, Optional<Long> restoredAt) {}

    @Override
    public synchronized boolean has(String container, String volume) {
        return contents.containsKey(new VolumeId(container, volume));
    }

    @Override
    public synchronized void create(String container, VolumeMount mount, PreparedImage image) {
        VolumeId id = new VolumeId(container, mount.source());
        if (!contents.containsKey(id)) {
            half(id);
            contents.put(id, "");
        }
    }

    @Override
    public synchronized void remove(String container) {
        removed.add(container);
        for (VolumeId id : List.copyOf(contents.keySet())) {
            if (id.container().equals(container)) {
                contents.remove(id);
                amid.accept("removed " + id.volume());
            }
        }
    }

    private void half(VolumeId id) {
        halves.add(id);
        amid.accept("half of " + id.volume());
        halves.remove(id);
    }

    /** What is done when a daemon starts about what the one before it left half done. */
    synchronized void takeUp() {
        halves.clear();
    }

    synchronized Set<VolumeId> halves() {
        return Set.copyOf(halves);
    }

    synchronized Map<VolumeId, String> contents() {
        return Map.copyOf(contents);
    }

    @Override
    public synchronized long snapshotBytes(String container, String volume) {
        return 100;
    }

    @Override
    public synchronized void snapshot(int revision, String container, String volume) {
        VolumeId id = new VolumeId(container, volume);
        if (snapshots(revision).contains(id)) {
            return;
        }
        half(id);
        kept.computeIfAbsent(revision, _ -> new TreeMap<>())
                .put(id, new Kept(Optional.ofNullable(contents.get(id)).orElseThrow(), ++time, Optional.empty()));
    }

    @Override
    public synchronized Set<VolumeId> snapshots(int revision) {
        return kept.getOrDefault(revision, Map.of()).entrySet().stream()
                .filter(e -> e.getValue().restoredAt().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public synchronized void restore(int revision, String container, String volume) {
        if (full) {
            throw new Problem("disk.full", "No room.").asException();
        }
        VolumeId id = new VolumeId(container, volume);
        Map<VolumeId, Kept> all = kept.getOrDefault(revision, Map.of());
        Kept one = all.get(id);
        if (one != null && one.restoredAt().isEmpty()) {
            contents.put(id, "half of what it was");
            amid.accept("half of " + volume);
            contents.put(id, one.content());
            amid.accept("put back " + volume);
            all.put(id, new Kept(one.content(), one.takenAt(), Optional.of(++time)));
        }
    }

    @Override
    public synchronized List<VolumeReports.Report> reports(int revision) {
        List<VolumeReports.Report> reports = new ArrayList<>();
        kept.getOrDefault(revision, Map.of())
                .forEach((id, k) -> reports.add(new VolumeReports.Report(
                        id.container(), id.volume(), VolumeReports.Method.COPY, 100, k.takenAt(), k.restoredAt())));
        return reports;
    }

    @Override
    public synchronized void keepOnly(Set<Integer> revisions) {
        kept.keySet().retainAll(revisions);
        amid.accept("removed");
    }

    synchronized void write(String container, String volume, String by) {
        contents.compute(
                new VolumeId(container, volume),
                (id, old) -> Optional.ofNullable(old).orElseThrow(() -> new IllegalStateException(id + " is missing"))
                        + by + ";");
    }

    synchronized String content(String container, String volume) {
        return contents.getOrDefault(new VolumeId(container, volume), "none");
    }

    synchronized Map<Integer, Set<VolumeId>> allKept() {
        Map<Integer, Set<VolumeId>> all = new HashMap<>();
        kept.forEach((n, k) -> all.put(n, Set.copyOf(k.keySet())));
        return all;
    }

    synchronized void full(boolean now) {
        full = now;
    }
}
