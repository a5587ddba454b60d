package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Containers of which some are told to be in another state than they are: one for which a test would have to wait. */
record BentContainers(Containers real, Bends bends, List<Runnable> listeners) implements Containers {
    BentContainers(Containers real, Bends bends) {
        this(real, bends, new CopyOnWriteArrayList<>());
    }

    /** Tells that something may have changed. */
    void stir() {
        listeners.forEach(Runnable::run);
    }

    /** What is told of whom; outlives the containers' daemons. */
    static final class Bends {
        private final Map<Situation.Network, Bend> all = new ConcurrentHashMap<>();

        void put(String name, Slot slot, State state, Health health) {
            all.put(new Situation.Network(name, slot), new Bend(state, health));
        }

        void remove(String name, Slot slot) {
            all.remove(new Situation.Network(name, slot));
        }

        private List<ContainerStatus> bent(Slot slot, List<ContainerStatus> statuses) {
            return statuses.stream()
                    .map(s -> {
                        Bend bend = all.get(new Situation.Network(s.name(), slot));
                        return bend == null ? s : bend.of(s);
                    })
                    .toList();
        }
    }

    private record Bend(State state, Health health) {
        private ContainerStatus of(ContainerStatus s) {
            return new ContainerStatus(
                    s.name(),
                    s.service(),
                    s.manifest(),
                    state,
                    health,
                    s.startedAt(),
                    s.restarts(),
                    s.lastExit(),
                    s.healthMessage());
        }
    }

    @Override
    public List<ContainerStatus> status() {
        return bends.bent(Slot.MAIN, real.status());
    }

    @Override
    public List<ContainerStatus> besideStatus() {
        return bends.bent(Slot.BESIDE, real.besideStatus());
    }

    @Override
    public void prepareNetwork(String name, Slot slot, Container container) {
        real.prepareNetwork(name, slot, container);
    }

    @Override
    public boolean networkPrepared(String name, Slot slot) {
        return real.networkPrepared(name, slot);
    }

    @Override
    public void start(String name, Slot slot, Container container, Goal goal, PreparedImage image) {
        real.start(name, slot, container, goal, image);
    }

    @Override
    public void stop(String name, Slot slot) {
        real.stop(name, slot);
    }

    @Override
    public Optional<Problem> runHook(String name, Slot slot, UpdateRules.Hook hook) {
        return real.runHook(name, slot, hook);
    }

    @Override
    public boolean holdsUpdateLock(String name) {
        return real.holdsUpdateLock(name);
    }

    @Override
    public Map<String, Present> present() {
        return real.present();
    }

    @Override
    public List<String> logTail(String name, Slot slot, int lines) {
        return real.logTail(name, slot, lines);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
        real.onChange(listener);
    }
}
