package io.skerry.device;

import io.skerry.device.config.DataFolder;
import io.skerry.device.config.DeviceSettings;
import io.skerry.device.container.CapabilityProbe;
import io.skerry.device.container.ContainerSettings;
import io.skerry.device.container.LogReader;
import io.skerry.device.container.RuncContainers;
import io.skerry.device.filesystem.RunFolder;
import io.skerry.device.host.HostCommands;
import io.skerry.device.host.LeftOverTools;
import io.skerry.device.identity.DeviceIdentity;
import io.skerry.device.identity.Enrolment;
import io.skerry.device.identity.Membership;
import io.skerry.device.identity.TrustedTime;
import io.skerry.device.image.HostDisk;
import io.skerry.device.network.NetworkNamespaces;
import io.skerry.device.revision.Machine;
import io.skerry.device.revision.Networks;
import io.skerry.device.storage.FolderVolumes;
import io.skerry.device.watch.Watch;
import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.wire.ClaimToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The device program: {@code run}, {@code enrol}, {@code status}, {@code plan}. Ends with 0, or 1 after a problem, or 2 when
 * the command line is wrong, before anything is read or changed.
 */
public final class DeviceProgram {
    /** Of this daemon. */
    public static final String VERSION = "0.1.0";

    private static final System.Logger LOG = System.getLogger(DeviceProgram.class.getName());
    private static final int MOST_TOKEN_BYTES = 4096;

    private static final Map<String, Set<String>> VERBS = Map.of(
            "run", Set.of("--data"),
            "enrol", Set.of("--data", "--cloud", "--token-file", "--name"),
            "status", Set.of("--data", "--output"),
            "plan", Set.of("--data", "--desired", "--output"));

    private static final String USAGE = """
            Usage: skerry device run --data DIR
                   skerry device enrol --data DIR --cloud https://HOST:PORT --token-file FILE|- --name NAME
                   skerry device status --data DIR [--output human|json]
                   skerry device plan --data DIR [--desired FILE] [--output human|json]

              --data DIR         the folder that holds all of the daemon's state; its settings are in DIR/device.json.
                                 /var/lib/skerry where systemd runs the daemon, .skerry/devices/NAME in the checkout for
                                 a device of the lab
              --desired FILE     a workload or a desired state, as JSON: what would be done if that were wanted
              --token-file FILE  a claim token, as 'skerry node claim' prints it; - reads the standard input
            """;

    private DeviceProgram() {}

    public static void main(String[] words) {
        int code = exitCode(List.of(words), System.out, System.err);
        // Not for 0: when the process was told to end, the shutdown already waits for this thread, and each would wait
        // for
        // the other.
        if (code != 0) {
            System.exit(code);
        }
    }

    /** What the program ends with. */
    static int exitCode(List<String> words, PrintStream out, PrintStream err) {
        if (words.contains("--help")) {
            out.print(USAGE);
            return 0;
        }
        // Until the daemon knows its settings; what the disk has spoilt is told in a line by the other verbs, too.
        LineLog.install(err, false);
        try {
            Arguments arguments = Arguments.parse(words, VERBS);
            Path data = Path.of(arguments.required("--data"));
            OutputForm form = arguments.optional("--output", OutputForm.HUMAN, OutputForm::of);
            switch (arguments.verb()) {
                case "run" -> run(data, err);
                case "enrol" -> enrol(data, arguments, out);
                case "status" -> out.print(LocalStatus.read(data, form));
                case "plan" -> out.print(LocalPlan.read(data, arguments.option("--desired"), form));
                default -> throw new IllegalStateException(arguments.verb() + " has no implementation");
            }
            return 0;
        } catch (ProblemException e) {
            err.println("skerry device: " + e.problem().sentence());
            return e.code().equals("usage") ? 2 : 1;
        }
    }

    private static void run(Path path, PrintStream err) {
        DeviceSettings settings = DeviceSettings.read(path);
        LineLog.install(err, settings.jsonLog());
        try (DataFolder folder = DataFolder.open(settings.data())) {
            TrustedTime time = TrustedTime.open(folder.path(), InstantSource.system(), System::nanoTime);
            FutureTask<CloudSide> cloudSide = CloudSide.reading(settings, time);
            ContainerSettings containerSettings = containers(settings);
            // Before anything else is done in the folder, for they may still be doing it.
            LeftOverTools.end(folder.path());
            HostCommands commands = new HostCommands(folder.path());
            RunFolder.open(containerSettings.run(), commands);
            // What a restoration of volumes left half done is ended before a container is started on it.
            FolderVolumes volumes = FolderVolumes.open(folder.path(), commands, time);
            Networks networks = NetworkNamespaces.open(containerSettings.networks(), commands);
            Machine machine = new HostMachine(commands, settings.bootIdFile(), settings.rebootCommand());
            try (Watch watch = watch(settings);
                    RuncContainers containers =
                            RuncContainers.open(containerSettings, commands, networks, machine.bootId(), time)) {
                Host host = host(folder, containerSettings, commands, containers, volumes, machine);
                switch (read(cloudSide)) {
                    case CloudSide.Linked linked -> linked(settings, linked, host, watch, time);
                    case CloudSide.Unlinked(Problem problem) -> unlinked(settings, problem, host, watch, time);
                }
                LOG.log(System.Logger.Level.INFO, "the daemon ends; containers go on running");
            }
        }
    }

    private static CloudSide read(FutureTask<CloudSide> reading) {
        try {
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the identity was read", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException("the reading throws nothing else", e);
            }
        }
    }

    private static void linked(
            DeviceSettings settings, CloudSide.Linked side, Host host, Watch watch, TrustedTime time) {
        Membership membership = side.identity().membership();
        try (Daemon daemon = new Daemon(settings, side, host, watch, time, RandomGenerator.getDefault())) {
            daemon.start();
            LOG.log(
                    System.Logger.Level.INFO,
                    "skerry device {0} runs as {1} ({2})",
                    VERSION,
                    membership.name(),
                    membership.node());
            watch.ready("Runs as " + membership.name());
            awaitEnd(() -> false);
            watch.ending();
        }
    }

    /** Until the identity can be read again; then the daemon ends, and is started with it as after any other end. */
    private static void unlinked(DeviceSettings settings, Problem problem, Host host, Watch watch, TrustedTime time) {
        LOG.log(System.Logger.Level.ERROR, problem.sentence());
        try (UnlinkedDaemon daemon =
                new UnlinkedDaemon(settings, problem, host, watch, time, RandomGenerator.getDefault())) {
            daemon.start();
            watch.ready("Runs without its cloud");
            awaitEnd(() -> CloudSide.isReadable(settings));
            watch.ending();
        }
    }

    /** Until the process is told to end, or this is so; it is asked once a minute. */
    private static void awaitEnd(BooleanSupplier over) {
        CountDownLatch told = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            told.countDown();
                            try {
                                // The main thread closes what it opened; the process must not be gone before.
                                main.join(Duration.ofSeconds(20));
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "end"));
        try {
            boolean end = false;
            while (!end) {
                end = told.await(1, TimeUnit.MINUTES) || over.getAsBoolean();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Watch watch(DeviceSettings settings) {
        return Watch.begin(
                System.getenv(),
                ProcessHandle.current().pid(),
                settings.watchdogDevice().map(d -> new Watch.Hardware(d, settings.watchdogLimit())),
                System::nanoTime);
    }

    private static ContainerSettings containers(DeviceSettings settings) {
        return new ContainerSettings(
                settings.data(), settings.cgroupScope(), "runc", "conmon", settings.tini(), settings.logBytes());
    }

    private static Host host(
            DataFolder folder,
            ContainerSettings settings,
            HostCommands commands,
            RuncContainers containers,
            FolderVolumes volumes,
            Machine machine) {
        CapabilityProbe probe = new CapabilityProbe(settings);
        return new Host(
                containers,
                volumes,
                machine,
                new LogReader(settings)::follow,
                () -> probe.capabilities(Daemon.architecture()),
                () -> Stream.concat(missing(probe).stream(), folder.problems().stream())
                        .toList(),
                new HostDisk(commands));
    }

    private static List<Problem> missing(CapabilityProbe probe) {
        List<String> packages = probe.missing();
        return packages.isEmpty()
                ? List.of()
                : List.of(new Problem(
                        "host.package-missing",
                        "Containers can't run: the device lacks " + String.join(", ", packages) + ".",
                        "Install the Debian packages " + String.join(", ", packages) + "."));
    }

    private static void enrol(Path path, Arguments arguments, PrintStream out) {
        URI cloud = arguments.required("--cloud", word -> DeviceSettings.cloudAddress("--cloud", word));
        String name = arguments.required("--name", word -> Names.checked("A device", word));
        ClaimToken token = token(arguments.required("--token-file"));
        try (DataFolder folder = DataFolder.open(path)) {
            DeviceSettings settings = DeviceSettings.read(folder.path());
            TrustedTime time = TrustedTime.open(folder.path(), InstantSource.system(), System::nanoTime);
            CapabilityProbe probe = new CapabilityProbe(containers(settings));
            DeviceIdentity identity = new Enrolment(folder.path(), time)
                    .enrol(cloud, token, name, probe.capabilities(Daemon.architecture()));
            out.println("Enrolled as " + identity.membership().name() + " ("
                    + identity.membership().node() + ").");
        }
    }

    private static ClaimToken token(String file) {
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            return ClaimToken.parse(new String(in.readNBytes(MOST_TOKEN_BYTES), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Problem(
                            "claim-token.unreadable",
                            "The token file " + file + " can't be read.",
                            "Check its path and permissions.")
                    .asException(e);
        }
    }
}
