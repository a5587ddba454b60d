package io.skerry.device.revision;

import io.skerry.content.registry.RegistryAccess;
import io.skerry.content.registry.RegistryClient;
import io.skerry.device.config.DataFolder;
import io.skerry.device.container.ContainerSettings;
import io.skerry.device.container.RuncContainers;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.host.LeftOverTools;
import io.skerry.device.host.WatchedCommands;
import io.skerry.device.image.FakeRegistry;
import io.skerry.device.image.HostDisk;
import io.skerry.device.image.ImageStore;
import io.skerry.device.network.NetworkNamespaces;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.device.storage.FolderVolumes;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The real thing: runc and conmon, network namespaces, overlays, folders, and images from a registry in memory. Its places are
 * also while each of the host's tools runs, after it, and before each change of the images' files.
 *
 * <p>A daemon that is dead stands still where it is: none of its threads gets past a place any more, so that, as after a kill,
 * nothing is tidied up, and tools that it began go on without it.
 */
final class RuncGround implements Ground {
    private final HostCommands commands = new HostCommands();
    private final FakeMachine machine = new FakeMachine();
    private final FakeRegistry registry = new FakeRegistry();
    private final BentContainers.Bends bends = new BentContainers.Bends();
    private final List<String> tools = new CopyOnWriteArrayList<>();
    private final Path data;
    private final Places places;
    private final Programs programs;
    private final ContainerSettings settings;
    private final FolderTraces folder;
    private final HostTraces host;
    private @Nullable Opened opened;

    /** What a daemon has open. */
    private record Opened(
            DataFolder folder, NetworkNamespaces networks, RuncContainers containers, BentContainers told) {}

    /** @param data whose name is unlike those of others that are there at once */
    RuncGround(Path data, Places places, Programs programs) {
        this.data = data;
        this.places = places;
        this.programs = programs;
        String scope = "it-" + ProcessHandle.current().pid() + "-" + data.getFileName();
        settings = new ContainerSettings(data, scope, "runc", "conmon", Path.of("/usr/bin/tini-static"), 128 << 10);
        folder = new FolderTraces(data);
        host = new HostTraces(data, scope);
    }

    @Override
    public Hands open(Life life) {
        DataFolder held = DataFolder.open(data);
        LeftOverTools.end(data);
        HostCommands watched = new WatchedCommands(data, new Tools(life));
        InstantSource clock = () -> {
            life.check();
            return java.time.Instant.now();
        };
        Volumes volumes = FolderVolumes.open(data, watched, clock);
        NetworkNamespaces networks = NetworkNamespaces.open(settings.networks(), watched);
        RuncContainers containers = RuncContainers.open(settings, watched, networks, machine.bootId(), clock);
        BentContainers told = new BentContainers(containers, bends);
        opened = new Opened(held, networks, containers, told);
        ImageStore images = new ImageStore(
                life.disk().resolve("content"),
                new RegistryClient(registry, RegistryAccess.anonymous()),
                "cloud.example:7444",
                Architecture.ofJava(System.getProperty("os.arch")).orElse(Architecture.AMD64),
                new HostDisk(watched),
                machine.bootId());
        return new Hands(images, told, volumes, machine);
    }

    /** Places at the host's tools. */
    private final class Tools implements WatchedCommands.Observer {
        private final Life life;

        private Tools(Life life) {
            this.life = life;
        }

        @Override
        public void begins() {
            life.check();
        }

        @Override
        public void runs(List<String> arguments) {
            tools.add(words(arguments));
            places.amid(words(arguments) + " runs");
        }

        @Override
        public void ended(List<String> arguments) {
            life.check();
            places.amid(words(arguments) + " ended");
        }

        private static String words(List<String> arguments) {
            return switch (arguments.getFirst()) {
                case "runc" -> "runc " + arguments.get(3);
                case "sh" -> "conmon";
                default -> arguments.getFirst();
            };
        }
    }

    @Override
    public RuntimeException dead(Life life) {
        Thread thread = Thread.currentThread();
        // Who keeps containers is waited for when they are closed; the rig isn't the daemon's.
        if (!thread.isVirtual()
                || thread.getName().startsWith("container-")
                || thread.getName().startsWith("health-")) {
            return new Patience.CancelledException();
        }
        life.acting().remove(thread);
        while (true) {
            LockSupport.park(this);
            boolean _ = Thread.interrupted();
        }
    }

    @Override
    public void end(Life life) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                // Whoever waits for what a dead one holds waits without end.
                .until(() -> life.acting().stream().allMatch(RuncGround::waitsForLock));
        Opened last = opened;
        opened = null;
        if (last != null) {
            last.containers().close();
            last.folder().close();
        }
    }

    private static boolean waitsForLock(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(f -> f.getClassName().equals(ReentrantLock.class.getName()));
    }

    private Opened opened() {
        return Objects.requireNonNull(opened);
    }

    @Override
    public void cutPower() {
        machine.boot();
        host.cutOff();
    }

    @Override
    public FakeMachine machine() {
        return machine;
    }

    @Override
    public void stir() {
        opened().told().stir();
    }

    @Override
    public Duration pace() {
        return Duration.ofMillis(40);
    }

    @Override
    public Container form(Container container) {
        return programs.form(container, true);
    }

    @Override
    public Container unwell(String name, Container container) {
        return programs.form(container, false);
    }

    @Override
    public void publish(Container container) {
        registry.take(programs.registry(), container.image().manifest());
    }

    @Override
    public List<String> files() {
        return folder.state();
    }

    @Override
    public void spoil(Digest manifest) {
        registry.corrupt(registry.layers(manifest).getLast());
    }

    @Override
    public void spoilFetched(Digest manifest) {
        Digest layer = registry.layers(manifest).getLast();
        Path blob = data.resolve("content/blobs")
                .resolve(layer.hex().substring(0, 2))
                .resolve(layer.hex());
        Spoiling.GARBAGE.spoil(blob);
    }

    /** What was spoilt since its fetch is fetched again. */
    @Override
    public Optional<String> corrupted(Step step) {
        return step instanceof Step.Fetch ? Optional.of("registry.digest-mismatch") : Optional.empty();
    }

    @Override
    public void lock(String name, boolean held) {
        Path lock = containerFolder(name, Slot.MAIN).resolve("host/update.lock");
        try {
            if (held) {
                Files.writeString(lock, "");
            } else {
                Files.deleteIfExists(lock);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of two the one whose record has the smaller number is the main one. */
    private Path containerFolder(String name, Slot slot) {
        List<Path> folders = new ArrayList<>(FolderTraces.list(settings.data().resolve("containers")).stream()
                .filter(f -> f.endsWith(name) || f.endsWith(name + "+"))
                .sorted(java.util.Comparator.comparing(RuncGround::number))
                .toList());
        return slot == Slot.MAIN ? folders.getFirst() : folders.getLast();
    }

    private static String number(Path container) {
        return FolderTraces.text(container.resolve("container.json")).replaceFirst("(?s).*\"number\":(\\d+).*", "$1");
    }

    @Override
    public void end(String name, Slot slot) {
        Path pid = folder.pid(containerFolder(name, slot));
        if (!Files.exists(pid)) {
            // It is mounted only.
            bends.put(name, slot, State.STOPPED, Health.STARTING);
            return;
        }
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    // Its program may not listen yet.
                    commands.run(HostCommand.of(
                            "kill", "-USR1", FolderTraces.text(pid).strip()));
                    return status(name, slot) == State.STOPPED;
                });
    }

    private State status(String name, Slot slot) {
        RuncContainers containers = opened().containers();
        return (slot == Slot.MAIN ? containers.status() : containers.besideStatus())
                .stream()
                        .filter(s -> s.name().equals(name))
                        .map(ContainerStatus::state)
                        .findFirst()
                        .orElse(State.WAITING);
    }

    @Override
    public void stall(String name, Slot slot) {
        bends.put(name, slot, State.WAITING, Health.STARTING);
    }

    @Override
    public void ail(String name) {
        bends.put(name, Slot.MAIN, State.RUNNING, Health.STARTING);
    }

    /** One that has ended can't be as if it hadn't; where nothing else would bring it back it is removed, to be started anew. */
    @Override
    public void recover(String name, Slot slot, Attempt attempt) {
        bends.remove(name, slot);
        if (attempt.way() != Way.FORWARD && status(name, slot) == State.STOPPED) {
            opened().containers().stop(name, slot);
        }
    }

    @Override
    public Map<String, Present> present() {
        return opened().containers().present();
    }

    @Override
    public Map<String, String> runs() {
        Map<String, String> runs = new TreeMap<>();
        for (String name : present().keySet()) {
            Path container = containerFolder(name, Slot.MAIN);
            String pid = FolderTraces.text(folder.pid(container)).strip();
            runs.put(
                    name,
                    pid.isEmpty()
                            ? host.mountId(container.resolve("rootfs"))
                            : HostTraces.identity(Long.parseLong(pid)));
        }
        return runs;
    }

    @Override
    public Set<Situation.Network> networks() {
        Set<Situation.Network> networks = new HashSet<>();
        for (String id : new TreeSet<>(opened().networks().all())) {
            String name = id.replace("+", "");
            Slot slot = networks.contains(new Situation.Network(name, Slot.MAIN)) ? Slot.BESIDE : Slot.MAIN;
            networks.add(new Situation.Network(name, slot));
        }
        return networks;
    }

    @Override
    public Map<VolumeId, String> volumes() {
        Map<VolumeId, String> volumes = new HashMap<>();
        for (Path container : FolderTraces.list(data.resolve("volumes/permanent"))) {
            for (Path volume : FolderTraces.list(container)) {
                volumes.put(
                        new VolumeId(
                                container.getFileName().toString(),
                                volume.getFileName().toString()),
                        FolderTraces.text(volume.resolve("programs")));
            }
        }
        return volumes;
    }

    @Override
    public List<String> remains(Workload workload, Set<Digest> needed) {
        Map<String, String> here = new TreeMap<>();
        Set<String> running = new TreeSet<>();
        workload.containers().forEach((name, form) -> {
            String id = Files.exists(data.resolve("containers/" + name)) ? name : name + "+";
            here.put(id, name + ":" + form.service().version() + ";");
            if (Placement.of(form, workload.grouping()).goal() != Goal.MOUNTED) {
                running.add(id);
            }
        });
        Set<Digest> blobs = new HashSet<>();
        needed.forEach(m -> blobs.addAll(programs.registry().parts(m)));
        List<String> remains = new ArrayList<>(folder.strange(here, blobs));
        remains.addAll(host.strange(here.keySet(), running));
        return remains;
    }

    @Override
    public String story() {
        return "tools: " + tools;
    }

    @Override
    public void close() {
        host.cutOff();
        List<String> left = host.all();
        if (!left.isEmpty()) {
            throw new AssertionError("this is left: " + left);
        }
    }
}
