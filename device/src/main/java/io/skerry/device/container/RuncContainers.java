package io.skerry.device.container;

import io.skerry.device.container.Launcher.Running;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.Containers;
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
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Containers by runc, each with a conmon as its parent, so that they outlive the daemon.
 *
 * <p>{@link #open} takes up what an earlier daemon process left: what runs is kept on, what ended meanwhile is noticed, and after
 * a reboot of the machine all is started again; none of that needs a network. {@link #close} leaves the containers running.
 */
public final class RuncContainers implements Containers, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RuncContainers.class.getName());
    private static final int LOCKS = 16;

    private final ContainerSettings settings;
    private final Exits exits;
    private final Cgroups cgroups;
    private final Launcher launcher;
    private final LogReader logReader;
    private final Keeping keeping;
    private final Map<String, Supervision> kept = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<ReentrantLock> locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

    private RuncContainers(ContainerSettings settings, HostCommands commands, InstantSource clock, Path proc)
            throws IOException {
        this.settings = settings;
        for (Path folder : List.of(settings.containers(), settings.volumes(), settings.runcRoot(), settings.exits())) {
            Files.createDirectories(folder);
        }
        Files.setPosixFilePermissions(settings.containers(), PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(settings.volumes(), PosixFilePermissions.fromString("rwx------"));
        Processes processes = new Processes(proc);
        this.exits = new Exits(settings.exits(), this::wake);
        this.cgroups = Cgroups.at(Path.of("/sys/fs/cgroup"));
        RuntimeSpec.Machine machine = new RuntimeSpec.Machine(
                Architecture.ofJava(System.getProperty("os.arch")).orElse(Architecture.AMD64),
                Files.exists(Path.of("/proc/self/ns/cgroup")),
                cgroups.limitsSwap());
        Runc runc = new Runc(commands, settings);
        this.launcher = new Launcher(settings, commands, runc, exits, processes, machine);
        this.logReader = new LogReader(settings);
        this.keeping = new Keeping(
                launcher,
                new HealthProbe(commands, runc),
                exits,
                processes,
                cgroups,
                clock,
                processes.bootId(),
                this::changed);
    }

    /**
     * Opens the containers of a data folder and goes on with them.
     *
     * @throws ProblemException {@code container.folder} when the folder can't be used
     */
    public static RuncContainers open(ContainerSettings settings, HostCommands commands, InstantSource clock) {
        return open(settings, commands, clock, Path.of("/proc"));
    }

    static RuncContainers open(ContainerSettings settings, HostCommands commands, InstantSource clock, Path proc) {
        try {
            RuncContainers containers = new RuncContainers(settings, commands, clock, proc);
            containers.resume();
            return containers;
        } catch (IOException e) {
            throw new Problem(
                            "container.folder",
                            "The data folder '" + settings.data() + "' can't be used for containers.",
                            "Look at its owner and whether its file system is full or read-only.")
                    .asException(e);
        }
    }

    private void resume() throws IOException {
        List<Path> folders;
        try (Stream<Path> children = Files.list(settings.containers())) {
            folders = children.filter(Files::isDirectory).sorted().toList();
        }
        for (Path path : folders) {
            ContainerFolder folder = new ContainerFolder(path);
            try {
                Optional<ContainerRecord> record = Records.container(folder);
                if (record.isPresent()) {
                    Supervision supervision = new Supervision(folder, record.get(), keeping);
                    kept.put(folder.name(), supervision);
                    supervision.resume(Records.run(folder));
                } else {
                    // It was being made or removed when the daemon was stopped.
                    launcher.remove(folder, Running.NOTHING);
                }
            } catch (ProblemException e) {
                // Left as it is: whoever wants this container starts it anew, which removes what is there.
                LOG.log(Level.ERROR, "container " + folder.name() + " can't be taken up", e);
            }
        }
    }

    @Override
    public void start(String name, Slot slot, Container container, Goal goal, PreparedImage image) {
        ContainerFolder folder = launcher.folder(checked(name));
        ContainerRecord record = ContainerRecord.of(container, image);
        ReentrantLock lock = lock(name);
        lock.lock();
        try {
            endKept(name);
            launcher.create(folder, record);
            Supervision supervision = new Supervision(folder, record, keeping);
            supervision.start();
            kept.put(name, supervision);
        } catch (IOException e) {
            undo(folder);
            throw new Problem(
                            "container.folder",
                            "The files of '" + name + "' can't be made: " + e.getMessage() + ".",
                            "Look whether the data folder's file system is full or read-only.")
                    .asException(e);
        } catch (RuntimeException e) {
            undo(folder);
            throw e;
        } finally {
            lock.unlock();
        }
        changed();
    }

    private void undo(ContainerFolder folder) {
        try {
            launcher.remove(folder, Running.NOTHING);
            removeEmptyScope();
        } catch (ProblemException e) {
            LOG.log(Level.WARNING, "what was begun of container " + folder.name() + " can't be removed now", e);
        }
    }

    @Override
    public void stop(String name, Slot slot) {
        ReentrantLock lock = lock(checked(name));
        lock.lock();
        try {
            endKept(name);
            launcher.remove(launcher.folder(name), Running.NOTHING);
            removeEmptyScope();
        } finally {
            lock.unlock();
        }
        changed();
    }

    private void removeEmptyScope() {
        if (kept.isEmpty()) {
            cgroups.removeEmpty(settings.cgroupScope());
        }
    }

    /** Stops and removes the container that is kept under this name, if there is one. */
    private void endKept(String name) {
        Supervision supervision = kept.get(name);
        if (supervision == null) {
            return;
        }
        Running running = supervision.end();
        try {
            if (running.init().pid() != 0) {
                launcher.end(launcher.folder(name), supervision.record());
            }
            launcher.remove(launcher.folder(name), running);
        } catch (RuntimeException e) {
            keepAgain(name, supervision.record(), e);
            throw e;
        }
        kept.remove(name);
    }

    /** What can't be stopped now mustn't run unattended; whoever wants it gone asks again. */
    private void keepAgain(String name, ContainerRecord record, RuntimeException why) {
        ContainerFolder folder = launcher.folder(name);
        Supervision supervision = new Supervision(folder, record, keeping);
        kept.put(name, supervision);
        try {
            supervision.resume(Records.run(folder));
        } catch (IOException e) {
            why.addSuppressed(e);
            supervision.resume(Optional.empty());
        }
    }

    @Override
    public void prepareNetwork(String name, Slot slot, Container container) {}

    @Override
    public boolean networkPrepared(String name, Slot slot) {
        return true;
    }

    @Override
    public Optional<Problem> runHook(String name, Slot slot, UpdateRules.Hook hook) {
        throw new IllegalStateException("to be built");
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
    public Map<String, Present> present() {
        Map<String, Present> present = new TreeMap<>();
        kept.forEach((name, supervision) ->
                present.put(name, Present.kept(supervision.record().container())));
        return present;
    }

    @Override
    public List<ContainerStatus> status() {
        return kept.values().stream()
                .map(Supervision::status)
                .sorted(Comparator.comparing(ContainerStatus::name))
                .toList();
    }

    @Override
    public List<String> logTail(String name, Slot slot, int lines) {
        return logReader.tail(name, lines);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    private void wake(String name) {
        Supervision supervision = kept.get(name);
        if (supervision != null) {
            supervision.wake();
        }
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
        kept.values().forEach(Supervision::end);
        try {
            exits.close();
        } catch (UncheckedIOException e) {
            LOG.log(Level.WARNING, "the watch of exit files can't be closed", e);
        }
    }
}
