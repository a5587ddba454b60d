package io.skerry.device.container;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.filesystem.RootFs;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.ConfigContents;
import io.skerry.device.revision.Networks;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Makes, starts, ends and removes containers; decides nothing. What concerns one container is done by one thread at a time. */
final class Launcher {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_FINISH = Duration.ofSeconds(10);

    private final ContainerSettings settings;
    private final HostCommands commands;
    private final Runc runc;
    private final Overlay overlay;
    private final HostFolder hostFolder;
    private final ConfigBinds configBinds;
    private final Networks networks;
    private final Exits exits;
    private final Processes processes;
    private final RuntimeSpec.Machine machine;

    Launcher(
            ContainerSettings settings,
            HostCommands commands,
            Runc runc,
            Networks networks,
            Exits exits,
            Processes processes,
            RuntimeSpec.Machine machine) {
        this.settings = settings;
        this.commands = commands;
        this.runc = runc;
        this.overlay = new Overlay(commands);
        this.hostFolder = new HostFolder(commands);
        this.configBinds = new ConfigBinds(new ConfigContents(settings.data()));
        this.networks = networks;
        this.exits = exits;
        this.processes = processes;
        this.machine = machine;
    }

    /** A container that runs. */
    record Running(ProcessId init, ProcessId conmon) {
        static final Running NOTHING = new Running(ProcessId.NONE, ProcessId.NONE);
    }

    String cgroup(ContainerFolder folder) {
        return settings.cgroupScope() + "/" + folder.id();
    }

    /** Makes a container's folder and its record, removing what an earlier one left there; nothing of it runs yet. */
    void create(ContainerFolder folder, ContainerRecord record) throws IOException {
        remove(folder, Running.NOTHING);
        if (isKnownToRunc(folder)) {
            // Made by a runtime that was given up before it was done.
            runc.delete(folder.id());
        }
        Files.createDirectories(folder.root());
        Records.write(folder, record);
    }

    /**
     * Starts a container that doesn't run. All that it needs is made anew as far as it isn't there, so that neither a loss of
     * power nor an older daemon's files stand in the way; what the container wrote stays.
     *
     * @throws ProblemException {@code container.…}, {@code network.…}; what was begun is for {@link #tidy} to remove
     */
    Running launch(ContainerFolder folder, ContainerRecord record) throws IOException {
        clear(folder);
        Path network = networks.configure(folder.id(), record.container());
        List<RuntimeSpec.Bind> volumes = volumes(folder, record);
        overlay.unmountReplaced(folder, record.prepared());
        ContainerUser user = mountRoot(folder, record);
        removeTree(folder.notes());
        Files.createDirectories(folder.notes());
        List<RuntimeSpec.Bind> config =
                configBinds.make(folder, record.container().config(), user);
        RuntimeSpec spec = new RuntimeSpec(
                record.prepared().config(),
                record.container(),
                user,
                folder,
                volumes,
                config,
                settings.tini(),
                cgroup(folder),
                network,
                machine);
        hostFolder.write(folder.config(), spec.json(), "rw-------");
        exits.forget(folder.id());
        long pid = runc.create(folder);
        Running running = new Running(processes.now(pid).orElse(ProcessId.NONE), conmon(folder));
        runc.start(folder);
        return running;
    }

    /**
     * Only mounts a container's root, with all that its program would find but its network.
     *
     * @throws ProblemException {@code container.…}
     */
    void mount(ContainerFolder folder, ContainerRecord record) throws IOException {
        clear(folder);
        volumes(folder, record);
        mountRoot(folder, record);
    }

    private List<RuntimeSpec.Bind> volumes(ContainerFolder folder, ContainerRecord record) {
        return VolumeBinds.of(
                settings.volumes(), folder.name(), record.container().volumes());
    }

    /**
     * A daemon that was killed while it started a container leaves a conmon that goes on with that, and may be done only after
     * the next daemon looked what there was. Both would have runc refuse the new one, and the old conmon would tell of the
     * old one's end as if it were the new one's.
     */
    private void clear(ContainerFolder folder) {
        if (isKnownToRunc(folder) || conmon(folder).pid() != 0) {
            tidy(folder, Running.NOTHING);
        }
    }

    private boolean isKnownToRunc(ContainerFolder folder) {
        return Files.exists(settings.runcRoot().resolve(folder.id()));
    }

    private ContainerUser mountRoot(ContainerFolder folder, ContainerRecord record) throws IOException {
        for (Path needed : List.of(
                folder.bundle(), folder.upper(), folder.work(), folder.rootfs(), folder.host(), folder.none())) {
            Files.createDirectories(needed);
        }
        overlay.mount(folder, record.prepared());
        RootFs rootFs = new RootFs(folder.rootfs());
        ContainerUser user =
                ContainerUser.of(record.image().user(), rootFs.lines("/etc/passwd"), rootFs.lines("/etc/group"));
        hostFolder.write(
                folder.hosts(),
                "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 " + folder.name() + "\n",
                "rw-r--r--");
        hostFolder.prepare(folder, record.container().environment(), user);
        return user;
    }

    /** A container that runs although nothing was noted of it. */
    Running found(ContainerFolder folder) {
        Runc.State state = runc.state(folder.id());
        return state.status().equals("running")
                ? new Running(processes.now(state.pid()).orElse(ProcessId.NONE), conmon(folder))
                : Running.NOTHING;
    }

    private ProcessId conmon(ContainerFolder folder) {
        try {
            long pid = Long.parseLong(Files.readString(folder.conmonPid(), StandardCharsets.US_ASCII)
                    .strip());
            // The number may be another program's by now.
            boolean isConmon = Files.readString(processes.proc().resolve(pid + "/cmdline"))
                    .contains(folder.bundle().toString());
            return isConmon ? processes.now(pid).orElse(ProcessId.NONE) : ProcessId.NONE;
        } catch (IOException | NumberFormatException _) {
            return ProcessId.NONE;
        }
    }

    /** Ends a running container: stop signal, grace time, kill. Its exit code, if conmon told one. */
    OptionalInt end(ContainerFolder folder, ContainerRecord record) {
        return end(
                folder,
                record,
                Duration.ofSeconds(Math.max(0, record.container().stopSeconds())));
    }

    /** As {@link #end(ContainerFolder, ContainerRecord)} of one that an earlier daemon was ending: this one mustn't wait for long before it begins. */
    void finish(ContainerFolder folder, ContainerRecord record) {
        Duration grace = Duration.ofSeconds(Math.max(0, record.container().stopSeconds()));
        boolean _ = end(folder, record, grace.compareTo(LONGEST_FINISH) < 0 ? grace : LONGEST_FINISH)
                .isPresent();
    }

    private OptionalInt end(ContainerFolder folder, ContainerRecord record, Duration grace) {
        String id = folder.id();
        try {
            if (exits.code(id).isEmpty()
                    && runc.signal(id, StopSignal.of(record.image().stopSignal()))) {
                if (exits.await(id, grace).isEmpty() && runc.signal(id, "KILL")) {
                    return exits.await(id, KILL_LIMIT);
                }
            }
            return exits.code(id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("container.stop-interrupted", "Stopping '" + folder.name() + "' was interrupted.")
                    .asException(e);
        }
    }

    /** Removes what a run left, but for the container's files: processes, control group, runc's record. */
    void tidy(ContainerFolder folder, Running run) {
        runc.delete(folder.id());
        ProcessId conmon = run.conmon().pid() == 0 ? conmon(folder) : run.conmon();
        if (!processes.gone(conmon, 1000)) {
            ProcessHandle.of(conmon.pid()).ifPresent(ProcessHandle::destroyForcibly);
            processes.gone(conmon, 1000);
            // It may have been making the container all the while.
            runc.delete(folder.id());
        }
    }

    /** Removes all of a container but its volumes and its network; nothing to do is no error. */
    void remove(ContainerFolder folder, Running run) {
        if (!Files.exists(folder.root(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        tidy(folder, run);
        exits.forget(folder.id());
        // First: a half-removed container without its record isn't taken for one to start again.
        deleted(folder.record());
        deleted(folder.leaving());
        overlay.unmount(folder);
        // Before the folder by which the next daemon finds what is left.
        removeTree(folder.notes());
        removeTree(folder.root());
    }

    private static void deleted(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw DurableFiles.failed("delete", file, e);
        }
    }

    private void removeTree(Path folder) {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            // A container may have made paths that are too long for Java.
            commands.run(HostCommand.of("rm", "-rf", "--one-file-system", "--", folder.toString()))
                    .orFail();
        }
    }

    /** As {@link #remove} of what doesn't run, and its network. */
    void removeAll(ContainerFolder folder) {
        remove(folder, Running.NOTHING);
        networks.remove(folder.id());
    }
}
