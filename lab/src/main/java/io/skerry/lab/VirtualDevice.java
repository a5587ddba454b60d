package io.skerry.lab;

import io.skerry.device.host.CommandResult;
import io.skerry.lab.host.Cgroups;
import io.skerry.lab.host.Daemon;
import io.skerry.lab.host.HostTools;
import io.skerry.lab.host.LabNetwork;
import io.skerry.lab.host.Mounts;
import io.skerry.lab.host.Pause;
import io.skerry.lab.host.Processes;
import io.skerry.lab.host.RunningProcess;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real device daemon in a network namespace, with a data folder and control groups of its own. The daemon and its
 * containers go on when the lab's command ends.
 */
public final class VirtualDevice implements AutoCloseable {
    private static final String PROGRAM = "io.skerry.device.DeviceProgram";
    private static final String STARTER = "skerry-device";

    private final HostTools tools;
    private final Processes processes = new Processes();
    private final Cgroups cgroups = new Cgroups();
    private final Installation installation;
    private final LabNetwork network;
    private final Path folder;
    private final Path data;
    private final Path log;
    private final String name;
    private final int index;

    VirtualDevice(HostTools tools, Installation installation, LabNetwork network, Path folder, String name, int index) {
        this.tools = tools;
        this.installation = installation;
        this.network = network;
        this.folder = folder;
        this.data = folder.resolve("devices").resolve(name);
        this.log = folder.resolve("log/" + name + ".log");
        this.name = name;
        this.index = index;
    }

    public String name() {
        return name;
    }

    public Path data() {
        return data;
    }

    public Path log() {
        return log;
    }

    public String namespace() {
        return network.namespace(name);
    }

    /** Its containers' groups are below this one, in each hierarchy. */
    public String cgroup() {
        return "/skerry/" + namespace();
    }

    /** The daemon's process, if it runs. */
    public Optional<RunningProcess> daemon() {
        return daemonProcesses().stream().findFirst();
    }

    /** The daemon before others: its starter forks, and what it forked may outlive it a little. */
    private List<RunningProcess> daemonProcesses() {
        return processes.of(List.of(PROGRAM, STARTER), data);
    }

    /** The processes of its containers and of their parents. */
    public List<RunningProcess> containerProcesses() {
        return Stream.concat(
                        cgroups.processes(cgroup()).stream()
                                .map(RunningProcess::of)
                                .flatMap(Optional::stream),
                        processes.of("conmon", data).stream())
                .distinct()
                .toList();
    }

    /** Makes its namespace and cable if they are missing. */
    void connect() {
        network.ensureNamespace(name, index);
    }

    /** Takes its network cable out or puts it back. */
    public void plug(boolean in) {
        network.plug(name, in);
    }

    public boolean enrolled() {
        return Files.exists(data.resolve("identity/membership.json"));
    }

    /** What this boot of it is called; the machine's own boots aren't its. */
    public String bootId() {
        try {
            return Files.readString(bootFile()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Beside the devices' folder, not in it: that stands for their disks, one of which may be full. */
    private Path bootFile() {
        return data.resolve("../../boots").normalize().resolve(name);
    }

    private void nextBoot() {
        PrivateFiles.write(bootFile(), UUID.randomUUID() + "\n");
    }

    /**
     * Its containers' groups must not be those of another device on this machine, and it must not reboot that: it has the lab
     * cut its own power instead.
     */
    private String settings() {
        if (!Files.exists(bootFile())) {
            nextBoot();
        }
        Stream<String> environment = Stream.concat(
                Stream.of("SKERRY_LAB=" + folder, "SKERRY_CHECKOUT=" + installation.checkout()),
                installation.environment().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()));
        // Without the mark by which the next daemon would end it, and itself, as a tool of the one before.
        String reboot = Stream.of(
                        Stream.of("env", "-u", "SKERRY_TOOL_OF"),
                        environment,
                        Stream.of(
                                installation
                                        .checkout()
                                        .resolve("target/dist/current/lab/bin/skerry-lab")
                                        .toString(),
                                "device",
                                "reboot",
                                name))
                .flatMap(words -> words)
                .collect(Collectors.joining("\", \"", "[\"", "\"]"));
        return """
                {"cgroup_scope": "%s", "boot_id_file": "%s", "reboot_command": %s}
                """.formatted(namespace(), bootFile(), reboot);
    }

    /**
     * Enrols it with a claim token.
     *
     * @throws ProblemException what the device said
     */
    public void enrol(URI cloud, String token) {
        if (!Files.exists(data.resolve("device.json"))) {
            PrivateFiles.write(data.resolve("device.json"), settings());
        }
        List<String> command = Stream.concat(
                        Stream.of("nsenter", "--net=/run/netns/" + namespace()),
                        installation
                                .command(
                                        "device",
                                        "enrol",
                                        "--data",
                                        data.toString(),
                                        "--cloud",
                                        cloud.toString(),
                                        "--token-file",
                                        "-",
                                        "--name",
                                        name)
                                .stream())
                .toList();
        CommandResult result = tools.attempt(token + "\n", Duration.ofSeconds(60), command);
        if (!result.succeeded()) {
            throw new Problem(
                            "lab.enrol-failed",
                            "Device " + name + " could not enrol: " + (result.err() + result.out()).strip())
                    .asException();
        }
    }

    /**
     * Starts the daemon if it doesn't run, or runs from an older build; its containers go on meanwhile.
     *
     * @return whether it had to be started
     */
    public boolean start() {
        return start(Map.of());
    }

    /** As {@link #start()}, with further variables in the daemon's environment. */
    public boolean start(Map<String, String> environment) {
        return start(List.of(), environment);
    }

    /**
     * As {@link #start()}, by another program, which ends with the daemon or is killed with it.
     *
     * @param by that program and its arguments; the daemon's command is added
     */
    public boolean startBy(List<String> by) {
        return start(by, Map.of());
    }

    private boolean start(List<String> by, Map<String, String> environment) {
        if (daemon().filter(d -> !processes.uses(d, installation.folder())).isPresent()) {
            stop();
        }
        if (daemon().isPresent()) {
            return false;
        }
        Daemon.mark(log, "start");
        Map<String, String> all = new HashMap<>(installation.environment());
        all.putAll(environment);
        List<String> command = new ArrayList<>(by);
        command.addAll(installation.command("device", "run", "--data", data.toString()));
        Daemon.start(namespace(), command, all, log);
        return true;
    }

    /** Ends the daemon as a package upgrade would; its containers go on. */
    public void stop() {
        for (var left = daemonProcesses(); !left.isEmpty(); left = daemonProcesses()) {
            left.forEach(d -> d.stop(Duration.ofSeconds(10)));
        }
    }

    /** Ends the daemon as a crash would; its containers go on. */
    public void kill() {
        for (var left = daemonProcesses(); !left.isEmpty(); left = daemonProcesses()) {
            left.forEach(RunningProcess::kill);
        }
    }

    /** Pulls the plug: all that runs on it is killed, and what a power cut would clear is gone. Its data folder stays. */
    public void powerOff() {
        kill();
        end(Duration.ZERO);
        nextBoot();
    }

    /** Off and on again. */
    public void reboot() {
        powerOff();
        start();
    }

    /** Ends its daemon and its containers, and removes its mounts, groups and network; its data stays. */
    @Override
    public void close() {
        stop();
        end(Duration.ofSeconds(3));
        network.removeNamespace(name);
    }

    private void end(Duration grace) {
        if (!grace.isZero() && !containerProcesses().isEmpty()) {
            signal("TERM", cgroups.processes(cgroup()));
            Pause.until(grace, () -> cgroups.processes(cgroup()).isEmpty());
        }
        Pause.until(Duration.ofSeconds(10), () -> {
            signal("KILL", cgroups.processes(cgroup()));
            return cgroups.processes(cgroup()).isEmpty();
        });
        Pause.until(Duration.ofSeconds(1), () -> processes.of("conmon", data).isEmpty());
        processes.of("conmon", data).forEach(RunningProcess::kill);
        new Mounts(tools).removeBelow(data);
        cgroups.remove(cgroup());
    }

    private static void signal(String signal, Iterable<Long> processes) {
        for (long pid : processes) {
            ProcessHandle.of(pid).ifPresent(p -> {
                if (signal.equals("KILL")) {
                    p.destroyForcibly();
                } else {
                    p.destroy();
                }
            });
        }
    }
}
