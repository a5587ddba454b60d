package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Exit;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Containers that run in memory and behave as the test says. They outlive the engine, as real ones do. */
final class FakeContainers implements Containers, Volumes {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<String> volumesRemoved = new CopyOnWriteArrayList<>();
    private final Map<String, Container> present = new TreeMap<>();
    private final Map<String, ContainerStatus> statuses = new TreeMap<>();
    private final Map<String, String> unstartable = new TreeMap<>();
    private final Map<String, Health> firstHealth = new TreeMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void start(String name, Slot slot, Container container, boolean mounted, PreparedImage image) {
        synchronized (this) {
            calls.add("start " + name + ":" + container.service().version());
            String key = name + ":" + container.service().version();
            if (unstartable.containsKey(key)) {
                throw new Problem("container.unstartable", unstartable.get(key)).asException();
            }
            present.put(name, container);
            statuses.put(
                    name,
                    status(
                            name,
                            container,
                            State.RUNNING,
                            firstHealth.getOrDefault(key, Health.HEALTHY),
                            0,
                            Optional.empty(),
                            ""));
        }
        changed();
    }

    @Override
    public void stop(String name, Slot slot) {
        synchronized (this) {
            calls.add("stop " + name);
            present.remove(name);
            statuses.remove(name);
        }
        changed();
    }

    @Override
    public void remove(String name) {
        volumesRemoved.add(name);
    }

    @Override
    public synchronized Map<String, Present> present() {
        Map<String, Present> all = new TreeMap<>();
        present.forEach((n, c) -> all.put(n, Present.kept(c)));
        return all;
    }

    Map<String, Container> forms() {
        return Present.forms(present());
    }

    @Override
    public void prepareNetwork(String name, Slot slot, Container container) {}

    @Override
    public boolean networkPrepared(String name, Slot slot) {
        return true;
    }

    @Override
    public Optional<Problem> runHook(String name, Slot slot, io.skerry.spec.desired.UpdateRules.Hook hook) {
        return Optional.empty();
    }

    @Override
    public boolean holdsUpdateLock(String name) {
        return false;
    }

    @Override
    public List<ContainerStatus> besideStatus() {
        return List.of();
    }

    @Override
    public boolean has(String container, String volume) {
        return true;
    }

    @Override
    public void create(String container, io.skerry.spec.desired.VolumeMount mount, PreparedImage image) {}

    @Override
    public long snapshotBytes(String container, String volume) {
        return 0;
    }

    @Override
    public void snapshot(int revision, String container, String volume) {}

    @Override
    public java.util.Set<VolumeId> snapshots(int revision) {
        return java.util.Set.of();
    }

    @Override
    public void restore(int revision, String container, String volume) {}

    @Override
    public List<io.skerry.spec.status.VolumeReports.Report> reports(int revision) {
        return List.of();
    }

    @Override
    public void keepOnly(java.util.Set<Integer> revisions) {}

    @Override
    public synchronized List<ContainerStatus> status() {
        return new ArrayList<>(statuses.values());
    }

    @Override
    public List<String> logTail(String name, Slot slot, int lines) {
        return List.of("last words of " + name);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** What {@code name:version} was started with can't be started. */
    synchronized void unstartable(String nameAndVersion, String why) {
        unstartable.put(nameAndVersion, why);
    }

    synchronized void startable(String nameAndVersion) {
        unstartable.remove(nameAndVersion);
    }

    synchronized void startsAs(String nameAndVersion, Health health) {
        firstHealth.put(nameAndVersion, health);
    }

    void health(String name, Health health, String message) {
        change(name, State.RUNNING, health, 0, Optional.empty(), message);
    }

    void restarted(String name, int restarts, int code, Cause cause) {
        change(name, State.RUNNING, Health.HEALTHY, restarts, Optional.of(new Exit(code, cause, 1)), "");
    }

    void ended(String name, int code, Cause cause) {
        change(name, State.STOPPED, Health.UNHEALTHY, 0, Optional.of(new Exit(code, cause, 1)), "");
    }

    /** As if someone had removed it behind the daemon's back. */
    void vanish(String name) {
        synchronized (this) {
            present.remove(name);
            statuses.remove(name);
        }
        changed();
    }

    void changed() {
        listeners.forEach(Runnable::run);
    }

    private void change(String name, State state, Health health, int restarts, Optional<Exit> exit, String message) {
        synchronized (this) {
            statuses.put(
                    name,
                    status(name, Objects.requireNonNull(present.get(name)), state, health, restarts, exit, message));
        }
        changed();
    }

    private static ContainerStatus status(
            String name,
            Container container,
            State state,
            Health health,
            int restarts,
            Optional<Exit> exit,
            String message) {
        return new ContainerStatus(
                name, container.service(), container.image().manifest(), state, health, 1, restarts, exit, message);
    }
}
