package io.skerry.device.container;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.Containers;
import io.skerry.device.revision.Networks;
import io.skerry.device.revision.PreparedImage;
import io.skerry.device.revision.Present;
import io.skerry.device.revision.Slot;
import io.skerry.spec.Architecture;
import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.status.ContainerStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Containers by runc, each with a conmon as its parent, so that they outlive the daemon.
 *
 * <p>{@link #open} takes up what an earlier daemon process left in this boot of the machine: what runs is kept on, what ended
 * meanwhile is noticed. What is there from an earlier boot is known, and waits for its {@link #start}. None of that needs a
 * network. {@link #close} leaves the containers running.
 */
public final class RuncContainers implements Containers, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RuncContainers.class.getName());
    private static final int LOCKS = 16;

    private final ContainerSettings settings;
    private final Networks networks;
    private final Exits exits;
    private final Launcher launcher;
    private final Hooks hooks;
    private final Lifecycle lifecycle;
    private final Shelf shelf = new Shelf();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<ReentrantLock> locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

    private RuncContainers(
            ContainerSettings settings,
            HostCommands commands,
            Networks networks,
            String bootId,
            InstantSource clock,
            Path proc)
            throws IOException {
        this.settings = settings;
        this.networks = networks;
        for (Path folder : List.of(settings.containers(), settings.volumes())) {
            Files.createDirectories(folder);
        }
        RuntimeNotes.open(settings, bootId);
        Files.setPosixFilePermissions(settings.containers(), PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(settings.volumes(), PosixFilePermissions.fromString("rwx------"));
        Processes processes = new Processes(proc);
        this.exits = new Exits(settings.exits(), id -> shelf.kept(id).ifPresent(Supervision::wake));
        Cgroups cgroups = Cgroups.at(Path.of("/sys/fs/cgroup"));
        RuntimeSpec.Machine machine = new RuntimeSpec.Machine(
                Architecture.ofJava(System.getProperty("os.arch")).orElse(Architecture.AMD64),
                Files.exists(Path.of("/proc/self/ns/cgroup")),
                cgroups.limitsSwap());
        Runc runc = new Runc(commands, settings);
        this.launcher = new Launcher(settings, commands, runc, networks, exits, processes, machine);
        this.hooks = new Hooks(runc, cgroups);
        Keeping keeping = new Keeping(
                launcher,
                new HealthProbe(commands, runc),
                hooks,
                exits,
                processes,
                cgroups,
                clock,
                bootId,
                this::changed);
        this.lifecycle = new Lifecycle(shelf, keeping, settings.cgroupScope());
    }

    /**
     * Opens the containers of a data folder and goes on with them.
     *
     * @param networks of these containers alone
     * @param bootId what the machine calls this boot
     * @throws ProblemException {@code container.folder} when the folder can't be used
     */
    public static RuncContainers open(
            ContainerSettings settings, HostCommands commands, Networks networks, String bootId, InstantSource clock) {
        return open(settings, commands, networks, bootId, clock, Path.of("/proc"));
    }

    static RuncContainers open(
            ContainerSettings settings,
            HostCommands commands,
            Networks networks,
            String bootId,
            InstantSource clock,
            Path proc) {
        try {
            RuncContainers containers = new RuncContainers(settings, commands, networks, bootId, clock, proc);
            containers.takeUp();
            return containers;
        } catch (IOException e) {
            throw new Problem(
                            "container.folder",
                            "The data folder '" + settings.data() + "' can't be used for containers.",
                            "Look at its owner and whether its file system is full or read-only.")
                    .asException(e);
        }
    }

    private void takeUp() throws IOException {
        List<Path> folders;
        try (Stream<Path> children = Files.list(settings.containers())) {
            folders = children.filter(Files::isDirectory).sorted().toList();
        }
        for (Path path : folders) {
            ContainerFolder folder = settings.folder(String.valueOf(path.getFileName()));
            try {
                lifecycle.takeUp(folder);
            } catch (IOException | UncheckedIOException | ProblemException e) {
                // Left as it is: whoever wants this container starts it anew, which removes what is there.
                LOG.log(Level.ERROR, "container " + folder.id() + " can't be taken up", e);
            }
        }
        TreeSet<String> unused = new TreeSet<>(networks.all());
        unused.removeAll(shelf.ids());
        for (String id : unused) {
            try {
                networks.remove(id);
            } catch (ProblemException e) {
                LOG.log(Level.WARNING, "the network of " + id + " can't be removed now", e);
            }
        }
        lifecycle.removeEmptyScope();
    }

    @Override
    public void prepareNetwork(String name, Slot slot, Container container) {
        ReentrantLock lock = lock(checked(name));
        lock.lock();
        try {
            networks.configure(folder(name, slot).id(), container);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean networkPrepared(String name, Slot slot) {
        return shelf.slots(name).in(slot).filter(Form::runs).isPresent()
                || networks.has(folder(name, slot).id());
    }

    @Override
    public void start(String name, Slot slot, Container container, Goal goal, PreparedImage image) {
        ReentrantLock lock = lock(checked(name));
        lock.lock();
        try {
            Slots slots = shelf.slots(name);
            ContainerRecord record = ContainerRecord.of(container, image, slots.number(slot), goal);
            lifecycle.start(slots.in(slot), folder(name, slot), record);
        } catch (IOException e) {
            throw DurableFiles.failed("make", folder(name, slot).root(), e);
        } finally {
            lock.unlock();
        }
        changed();
    }

    @Override
    public void stop(String name, Slot slot) {
        ReentrantLock lock = lock(checked(name));
        lock.lock();
        try {
            ContainerFolder folder = folder(name, slot);
            shelf.slots(name).in(slot).ifPresent(lifecycle::end);
            // What may be left where no container is any more.
            launcher.removeAll(folder);
            if (shelf.slots(name).main().isEmpty()) {
                launcher.removeAll(folder.other());
            }
            lifecycle.removeEmptyScope();
        } finally {
            lock.unlock();
        }
        changed();
    }

    @Override
    public Optional<Problem> runHook(String name, Slot slot, UpdateRules.Hook hook) {
        // Without the container's lock: whoever stops it doesn't wait for a hook.
        Optional<Form> form = shelf.slots(name).in(slot).filter(Form::runs);
        return form.isPresent()
                ? hooks.run(form.get().folder(), launcher.cgroup(form.get().folder()), hook, grace(form.get()))
                : Optional.of(Hooks.nowhere(name, hook));
    }

    private static Duration grace(Form form) {
        return Duration.ofSeconds(form.record().container().stopSeconds());
    }

    @Override
    public boolean holdsUpdateLock(String name) {
        return shelf.slots(name)
                .main()
                .filter(Form::runs)
                .filter(f -> HostFolder.said(f.folder().updateLock()))
                .isPresent();
    }

    @Override
    public Map<String, Present> present() {
        return shelf.present();
    }

    @Override
    public List<ContainerStatus> status() {
        return shelf.status(Slot.MAIN);
    }

    @Override
    public List<ContainerStatus> besideStatus() {
        return shelf.status(Slot.BESIDE);
    }

    @Override
    public List<String> logTail(String name, Slot slot, int lines) {
        return LogReader.tail(folder(name, slot), lines);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    private ContainerFolder folder(String name, Slot slot) {
        ContainerFolder plain = settings.folder(checked(name));
        return shelf.slots(name).folder(slot, plain);
    }

    private ReentrantLock lock(String name) {
        return locks.get(Math.floorMod(name.hashCode(), LOCKS));
    }

    /** A container's name stands in paths and command lines. */
    static String checked(String name) {
        return Names.checked("A container", name);
    }

    /** Ends the keeping of the containers; they go on running. */
    @Override
    public void close() {
        shelf.kept().forEach(Supervision::end);
        try {
            exits.close();
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "the watch of exit files can't be closed", e);
        }
    }
}
