package io.skerry.device.container;

import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Makes, starts, ends and removes containers; decides nothing. What concerns one container is done by one thread at a time. */
final class Launcher {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final ContainerSettings settings;
    private final HostCommands commands;
    private final Runc runc;
    private final Overlay overlay;
    private final Volumes volumes;
    private final Exits exits;
    private final Processes processes;
    private final RuntimeSpec.Machine machine;

    Launcher(
            ContainerSettings settings,
            HostCommands commands,
            Runc runc,
            Exits exits,
            Processes processes,
            RuntimeSpec.Machine machine) {
        this.settings = settings;
        this.commands = commands;
        this.runc = runc;
        this.overlay = new Overlay(commands, processes.proc().resolve("self/mountinfo"));
        this.volumes = new Volumes(settings.volumes(), commands);
        this.exits = exits;
        this.processes = processes;
        this.machine = machine;
    }

    /** A container that runs. */
    record Running(ProcessId init, ProcessId conmon) {
        static final Running NOTHING = new Running(ProcessId.NONE, ProcessId.NONE);
    }

    ContainerFolder folder(String name) {
        return new ContainerFolder(settings.containers().resolve(name));
    }

    String cgroup(ContainerFolder folder) {
        return settings.cgroupScope() + "/" + folder.name();
    }

    Volumes volumes() {
        return volumes;
    }

    /** Makes a container's folder and its record, removing what an earlier one of its name left; nothing of it runs yet. */
    void create(ContainerFolder folder, ContainerRecord record) throws IOException {
        remove(folder, Running.NOTHING);
        if (isKnownToRunc(folder)) {
            // Made by a runtime that was given up before it was done.
            runc.delete(folder.name());
        }
        Files.createDirectories(folder.root());
        Records.write(folder, record);
    }

    /**
     * Starts a container that doesn't run. All that it needs is made anew as far as it isn't there, so that neither a loss of
     * power nor an older daemon's files stand in the way; what the container wrote stays.
     *
     * @throws ProblemException {@code container.…}; what was begun is for {@link #tidy} to remove
     */
    Running launch(ContainerFolder folder, ContainerRecord record) throws IOException {
        prepare(folder, record);
        clear(folder);
        exits.forget(folder.name());
        Files.deleteIfExists(folder.conmonPid());
        long pid = runc.create(folder);
        Running running = new Running(processes.now(pid).orElse(ProcessId.NONE), conmon(folder));
        runc.start(folder.name());
        return running;
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
        return Files.exists(settings.runcRoot().resolve(folder.name()));
    }

    private void prepare(ContainerFolder folder, ContainerRecord record) throws IOException {
        for (Path needed : List.of(
                folder.bundle(), folder.upper(), folder.work(), folder.rootfs(), folder.host(), folder.none())) {
            Files.createDirectories(needed);
        }
        overlay.mount(folder, record.prepared());
        RootFs rootFs = new RootFs(folder.rootfs());
        ContainerUser user =
                ContainerUser.of(record.image().user(), rootFs.lines("/etc/passwd"), rootFs.lines("/etc/group"));
        RuntimeSpec spec = new RuntimeSpec(
                folder.name(),
                record.prepared().config(),
                record.container(),
                user,
                folder,
                volumes.prepare(folder.name(), record.container().volumes(), rootFs),
                settings.tini(),
                cgroup(folder),
                machine);
        write(folder.config(), spec.json(), "rw-------");
        write(
                folder.hosts(),
                utf8("127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 " + folder.name()
                        + "\n"),
                "rw-r--r--");
        write(
                folder.host().resolve("lxc.env"),
                utf8(EnvironmentFile.of(record.container().environment())),
                "rw-r--r--");
        // The container's program puts files of its own there.
        Files.setPosixFilePermissions(folder.host(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(folder.host(), "unix:uid", user.uid());
        Files.setAttribute(folder.host(), "unix:gid", user.gid());
    }

    /**
     * Never through a symbolic link, which a container may have left in the file's place; and not at all when nothing changes,
     * so that a full disk keeps no container from being started again.
     */
    private static void write(Path file, byte[] bytes, String permissions) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == bytes.length
                && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return;
        }
        Files.deleteIfExists(file);
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A container that runs although nothing was noted of it. */
    Running found(ContainerFolder folder) {
        Runc.State state = runc.state(folder.name());
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
        String name = folder.name();
        try {
            if (exits.code(name).isEmpty()
                    && runc.signal(name, StopSignal.of(record.image().stopSignal()))) {
                Duration grace =
                        Duration.ofSeconds(Math.max(0, record.container().stopSeconds()));
                if (exits.await(name, grace).isEmpty() && runc.signal(name, "KILL")) {
                    return exits.await(name, KILL_LIMIT);
                }
            }
            return exits.code(name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("container.stop-interrupted", "Stopping '" + name + "' was interrupted.").asException(e);
        }
    }

    /** Removes what a run left, but for the container's files: processes, control group, runc's record. */
    void tidy(ContainerFolder folder, Running run) {
        runc.delete(folder.name());
        ProcessId conmon = run.conmon().pid() == 0 ? conmon(folder) : run.conmon();
        if (!processes.gone(conmon, 1000)) {
            ProcessHandle.of(conmon.pid()).ifPresent(ProcessHandle::destroyForcibly);
            processes.gone(conmon, 1000);
            // It may have been making the container all the while.
            runc.delete(folder.name());
        }
    }

    /** Removes all of a container but its volumes; nothing to do is no error. */
    void remove(ContainerFolder folder, Running run) {
        if (!Files.exists(folder.root(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        tidy(folder, run);
        exits.forget(folder.name());
        try {
            // First: a half-removed container without its record isn't taken for one to start again.
            Files.deleteIfExists(folder.record());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        overlay.unmount(folder);
        // A container may have made paths that are too long for Java.
        commands.run(HostCommand.of(
                        "rm", "-rf", "--one-file-system", "--", folder.root().toString()))
                .orFail();
    }
}
