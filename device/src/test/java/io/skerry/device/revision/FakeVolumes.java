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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Volumes in memory; each holds the names of the programs that wrote to it. They outlive the engine. */
final class FakeVolumes implements Volumes {
    final List<String> removed = new CopyOnWriteArrayList<>();
    private final Map<VolumeId, String> contents = new TreeMap<>();
    private final Map<Integer, Map<VolumeId, Kept>> kept = new HashMap<>();
    /** Called amid each effect, where a daemon may be killed. */
    volatile Runnable amid = () -> {};

    private boolean full;

    private record Kept(String content, boolean restored) {}

    @Override
    public synchronized boolean has(String container, String volume) {
        return contents.containsKey(new VolumeId(container, volume));
    }

    @Override
    public synchronized void create(String container, VolumeMount mount, PreparedImage image) {
        amid.run();
        contents.putIfAbsent(new VolumeId(container, mount.source()), "");
    }

    @Override
    public synchronized void remove(String container) {
        removed.add(container);
        contents.keySet().removeIf(v -> v.container().equals(container));
    }

    @Override
    public synchronized long snapshotBytes(String container, String volume) {
        return 100;
    }

    @Override
    public synchronized void snapshot(int revision, String container, String volume) {
        VolumeId id = new VolumeId(container, volume);
        amid.run();
        kept.computeIfAbsent(revision, _ -> new TreeMap<>())
                .putIfAbsent(id, new Kept(Optional.ofNullable(contents.get(id)).orElseThrow(), false));
    }

    @Override
    public synchronized Set<VolumeId> snapshots(int revision) {
        return kept.getOrDefault(revision, Map.of()).entrySet().stream()
                .filter(e -> !e.getValue().restored())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public synchronized void restore(int revision, String container, String volume) {
        if (full) {
            throw new Problem("disk.full", "No room.").asException();
        }
        VolumeId id = new VolumeId(container, volume);
        kept.getOrDefault(revision, Map.of()).computeIfPresent(id, (_, k) -> {
            if (!k.restored()) {
                contents.put(id, k.content());
                // The content is there, and nothing says so yet.
                amid.run();
            }
            return new Kept(k.content(), true);
        });
    }

    @Override
    public synchronized List<VolumeReports.Report> reports(int revision) {
        List<VolumeReports.Report> reports = new ArrayList<>();
        kept.getOrDefault(revision, Map.of())
                .forEach((id, k) -> reports.add(new VolumeReports.Report(
                        id.container(),
                        id.volume(),
                        VolumeReports.Method.COPY,
                        100,
                        1,
                        k.restored() ? Optional.of(2L) : Optional.empty())));
        return reports;
    }

    @Override
    public synchronized void keepOnly(Set<Integer> revisions) {
        kept.keySet().retainAll(revisions);
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
