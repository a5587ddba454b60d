package io.skerry.device.revision;

import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus.Health;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All in memory, but for the engine's own files. */
final class FakeGround implements Ground {
    private final FakeVolumes volumes = new FakeVolumes();
    private final FakeContainers containers = new FakeContainers(volumes);
    private final FakeImages images = new FakeImages();
    private final FakeMachine machine = new FakeMachine();
    private final Path data;

    FakeGround(Path data, Places places) {
        this.data = data;
        containers.amid = places::amid;
        volumes.amid = places::amid;
        images.amid = places::amid;
    }

    @Override
    public Hands open(Life life) {
        containers.forgetListeners();
        containers.takeUp();
        volumes.takeUp();
        images.takeUp();
        return new Hands(images, containers, volumes, machine);
    }

    @Override
    public RuntimeException dead(Life life) {
        return new Patience.CancelledException();
    }

    @Override
    public void end(Life life) {
        life.close();
    }

    @Override
    public void cutPower() {
        machine.boot();
        containers.reboot();
    }

    @Override
    public FakeMachine machine() {
        return machine;
    }

    @Override
    public void stir() {
        containers.changed();
    }

    @Override
    public Duration pace() {
        return Duration.ofMillis(2);
    }

    @Override
    public Container form(Container container) {
        return container;
    }

    @Override
    public void publish(Container container) {
        images.publish(container.service().name() + container.service().version());
    }

    @Override
    public Container unwell(String name, Container container) {
        containers.startsAs(name + ":" + container.service().version(), Health.STARTING);
        return container;
    }

    @Override
    public List<String> files() {
        return Rig.filesBelow(data);
    }

    @Override
    public void spoil(Digest manifest) {
        images.spoil(manifest);
    }

    @Override
    public void spoilFetched(Digest manifest) {
        images.spoilFetched(manifest);
    }

    @Override
    public Optional<String> corrupted(Step step) {
        return Optional.of("image.corrupt");
    }

    @Override
    public void lock(String name, boolean held) {
        if (held) {
            containers.locked.add(name);
        } else {
            containers.locked.remove(name);
        }
    }

    @Override
    public void end(String name, Slot slot) {
        containers.ended(name, slot, 7);
    }

    @Override
    public void stall(String name, Slot slot) {
        containers.stalls(name, slot);
    }

    @Override
    public void ail(String name) {
        containers.health(name, Health.STARTING, "");
    }

    @Override
    public void recover(String name, Slot slot, Attempt attempt) {
        containers.recovers(name, slot, attempt.placement(name).goal());
    }

    @Override
    public Map<String, Present> present() {
        return containers.present();
    }

    @Override
    public Map<String, String> runs() {
        Map<String, String> runs = new TreeMap<>();
        for (String call : containers.calls) {
            runs.merge(call.replaceFirst("\\w+ ([^ :]+).*", "$1"), call, (all, one) -> all + ", " + one);
        }
        return runs;
    }

    @Override
    public Set<Situation.Network> networks() {
        return containers.networks();
    }

    @Override
    public Map<VolumeId, String> volumes() {
        return volumes.contents();
    }

    @Override
    public List<String> remains(Workload workload, Set<Digest> needed) {
        List<String> remains = new ArrayList<>();
        volumes.allKept().forEach((n, kept) -> kept.forEach(v -> remains.add("snapshot for " + n + ": " + v)));
        volumes.halves().forEach(v -> remains.add("half a volume: " + v));
        images.corrupt().forEach(d -> remains.add("not what its digest says: " + d));
        images.reserved().forEach(d -> remains.add("reserved: " + d));
        images.touched().stream().filter(d -> !needed.contains(d)).forEach(d -> remains.add("image: " + d));
        return remains;
    }

    @Override
    public String story() {
        return "calls: " + containers.calls;
    }

    @Override
    public void close() {}
}
