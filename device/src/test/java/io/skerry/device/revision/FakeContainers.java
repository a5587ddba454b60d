package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Exit;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Containers that run in memory and behave as the test says. They outlive the engine, as real ones do. */
final class FakeContainers implements Containers {
    final List<String> calls = new CopyOnWriteArrayList<>();
    /** What was asked of hooks: {@code name: command}. */
    final List<String> hooks = new CopyOnWriteArrayList<>();

    final Set<String> locked = ConcurrentHashMap.newKeySet();
    /** How often was looked whether a lock is held. */
    final AtomicInteger lockLooks = new AtomicInteger();

    private final FakeVolumes volumes;
    private final Map<String, One> mains = new TreeMap<>();
    private final Map<String, One> besides = new TreeMap<>();
    private final Set<Situation.Network> networks = new HashSet<>();
    private final Map<String, String> unstartable = new TreeMap<>();
    private final Map<String, Health> firstHealth = new TreeMap<>();
    private final Map<String, Problem> failingHooks = new HashMap<>();
    private final Set<String> heldHooks = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** Whose image's programs don't start. */
    volatile Predicate<Digest> broken = _ -> false;
    /** Whose image's programs start and aren't healthy. */
    volatile Predicate<Digest> ill = _ -> false;
    /** Told of each point amid a call at which a daemon may be killed. */
    volatile Consumer<String> amid = _ -> {};

    private record One(Container container, boolean kept, ContainerStatus status) {}

    FakeContainers(FakeVolumes volumes) {
        this.volumes = volumes;
    }

    @Override
    public synchronized void prepareNetwork(String name, Slot slot, Container container) {
        networks.add(new Situation.Network(name, slot));
        amid.accept("made");
    }

    @Override
    public synchronized boolean networkPrepared(String name, Slot slot) {
        return networks.contains(new Situation.Network(name, slot));
    }

    @Override
    public void start(String name, Slot slot, Container container, Goal goal, PreparedImage prepared) {
        synchronized (this) {
            String key = name + ":" + container.service().version();
            calls.add("start " + key + (slot == Slot.BESIDE ? " beside" : ""));
            if (unstartable.containsKey(key)) {
                throw new Problem("container.unstartable", unstartable.get(key)).asException();
            }
            Digest image = container.image().manifest();
            if (broken.test(image)) {
                throw new Problem("container.unstartable", "its program isn't there").asException();
            }
            if (!networks.contains(new Situation.Network(name, slot))) {
                throw new IllegalStateException("the network of " + name + " isn't there");
            }
            slot(slot)
                    .put(
                            name,
                            new One(
                                    container,
                                    false,
                                    status(name, container, State.WAITING, Health.STARTING, 0, Optional.empty(), "")));
            amid.accept("recorded");
            for (VolumeMount volume : container.volumes()) {
                volumes.write(name, volume.source(), key);
            }
            amid.accept("runs");
            State state = goal == Goal.MOUNTED ? State.MOUNTED : State.RUNNING;
            Health health = ill.test(image) ? Health.UNHEALTHY : firstHealth.getOrDefault(key, Health.HEALTHY);
            slot(slot)
                    .put(
                            name,
                            new One(container, true, status(name, container, state, health, 0, Optional.empty(), "")));
        }
        changed();
    }

    @Override
    public void stop(String name, Slot slot) {
        synchronized (this) {
            calls.add("stop " + name + (slot == Slot.BESIDE ? " beside" : ""));
            amid.accept("ended");
            slot(slot).remove(name);
            amid.accept("removed");
            networks.remove(new Situation.Network(name, slot));
            promote(name);
        }
        changed();
    }

    /** One that is alone is the main one. */
    private void promote(String name) {
        if (!mains.containsKey(name) && besides.containsKey(name)) {
            mains.put(name, Objects.requireNonNull(besides.remove(name)));
            networks.remove(new Situation.Network(name, Slot.BESIDE));
            networks.add(new Situation.Network(name, Slot.MAIN));
        }
    }

    /** What is done when a daemon starts about what the one before it left half done. */
    synchronized void takeUp() {
        // One whose start was cut off isn't there; after a boot of the machine none has been started.
        besides.entrySet()
                .removeIf(e -> !e.getValue().kept()
                        && mains.containsKey(e.getKey())
                        && Objects.requireNonNull(mains.get(e.getKey())).kept());
        List.copyOf(besides.keySet()).forEach(this::promote);
        networks.removeIf(n -> !slot(n.slot()).containsKey(n.container()));
    }

    private Map<String, One> slot(Slot slot) {
        return slot == Slot.MAIN ? mains : besides;
    }

    @Override
    public Optional<Problem> runHook(String name, Slot slot, UpdateRules.Hook hook) {
        String command = String.join(" ", hook.command());
        hooks.add(name + ": " + command);
        if (heldHooks.remove(command)) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                hooks.add(name + ": " + command + " was ended");
                throw new Problem("host.command-interrupted", "It was told to end.").asException(e);
            }
        }
        synchronized (this) {
            return Optional.ofNullable(failingHooks.get(command));
        }
    }

    @Override
    public boolean holdsUpdateLock(String name) {
        lockLooks.incrementAndGet();
        return locked.contains(name);
    }

    @Override
    public synchronized Map<String, Present> present() {
        Map<String, Present> all = new TreeMap<>();
        mains.forEach((name, one) -> all.put(
                name,
                new Present(
                        one.container(),
                        one.kept(),
                        Optional.ofNullable(besides.get(name)).map(One::container))));
        return all;
    }

    /** What is kept, by name. */
    Map<String, Container> forms() {
        Map<String, Container> forms = new TreeMap<>();
        present().forEach((name, p) -> {
            if (p.kept()) {
                forms.put(name, p.container());
            }
        });
        return forms;
    }

    @Override
    public synchronized List<ContainerStatus> status() {
        return new ArrayList<>(
                mains.values().stream().filter(One::kept).map(One::status).toList());
    }

    @Override
    public synchronized List<ContainerStatus> besideStatus() {
        return new ArrayList<>(besides.values().stream().map(One::status).toList());
    }

    @Override
    public List<String> logTail(String name, Slot slot, int lines) {
        return List.of("last words of " + name);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** The machine was off and on again: nothing runs, and what was beside is what it was. */
    synchronized void reboot() {
        mains.replaceAll((_, one) -> new One(one.container(), false, one.status()));
        besides.replaceAll((_, one) -> new One(one.container(), false, one.status()));
        networks.clear();
        listeners.clear();
    }

    /** The daemon that listened is gone. */
    void forgetListeners() {
        listeners.clear();
    }

    synchronized Set<Situation.Network> networks() {
        return Set.copyOf(networks);
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

    /** This command doesn't come to its end the next time that it is run as a hook. */
    void holdHook(String command) {
        heldHooks.add(command);
    }

    /** This command fails as a hook. */
    synchronized void failHook(String command) {
        failingHooks.put(command, new Problem("hook.failed", "It ended with 1."));
    }

    void health(String name, Health health, String message) {
        change(Slot.MAIN, name, State.RUNNING, health, 0, Optional.empty(), message);
    }

    void besideHealth(String name, Health health) {
        change(Slot.BESIDE, name, State.RUNNING, health, 0, Optional.empty(), "");
    }

    void restarted(String name, int restarts, int code, Cause cause) {
        change(Slot.MAIN, name, State.RUNNING, Health.HEALTHY, restarts, Optional.of(new Exit(code, cause, 1)), "");
    }

    /** It ended by itself, was started again so often in all, and isn't well yet. */
    void crashed(String name, int restarts, int code) {
        change(
                Slot.MAIN,
                name,
                State.RUNNING,
                Health.STARTING,
                restarts,
                Optional.of(new Exit(code, Cause.EXITED, 1)),
                "");
    }

    void ended(String name, Slot slot, int code) {
        change(slot, name, State.STOPPED, Health.STARTING, 0, Optional.of(new Exit(code, Cause.EXITED, 1)), "");
    }

    /** It doesn't get on with its start. */
    void stalls(String name, Slot slot) {
        change(slot, name, State.WAITING, Health.STARTING, 0, Optional.empty(), "");
    }

    /** It is as if nothing had been; nothing to do when it is gone. */
    void recovers(String name, Slot slot, Goal goal) {
        if (slot(slot).containsKey(name)) {
            State state = goal == Goal.MOUNTED ? State.MOUNTED : State.RUNNING;
            change(slot, name, state, Health.HEALTHY, 0, Optional.empty(), "");
        }
    }

    void ended(String name, int code, Cause cause) {
        change(Slot.MAIN, name, State.STOPPED, Health.UNHEALTHY, 0, Optional.of(new Exit(code, cause, 1)), "");
    }

    void givenUp(String name, int code) {
        change(Slot.MAIN, name, State.GIVEN_UP, Health.UNHEALTHY, 0, Optional.of(new Exit(code, Cause.EXITED, 1)), "");
    }

    /** As if someone had removed it behind the daemon's back. */
    void vanish(String name) {
        synchronized (this) {
            mains.remove(name);
        }
        changed();
    }

    void changed() {
        listeners.forEach(Runnable::run);
    }

    private void change(
            Slot slot, String name, State state, Health health, int restarts, Optional<Exit> exit, String message) {
        synchronized (this) {
            Container container = Objects.requireNonNull(slot(slot).get(name)).container();
            slot(slot)
                    .put(
                            name,
                            new One(container, true, status(name, container, state, health, restarts, exit, message)));
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
