package io.skerry.bench;

import io.skerry.bench.host.CpuTime;
import io.skerry.content.oci.ImageConfig;
import io.skerry.device.container.ContainerSettings;
import io.skerry.device.container.RuncContainers;
import io.skerry.device.host.HostCommands;
import io.skerry.device.network.NetworkNamespaces;
import io.skerry.device.revision.Engine;
import io.skerry.device.revision.Hands;
import io.skerry.device.revision.Machine;
import io.skerry.device.revision.PreparedImage;
import io.skerry.device.revision.Slot;
import io.skerry.device.revision.Ticker;
import io.skerry.device.storage.FolderVolumes;
import io.skerry.lab.host.Cgroups;
import io.skerry.lab.host.HostTools;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The daemon's engine with real containers in this process, and one container that it brings from form to form. The container's
 * program makes a file as the first thing, ends at once when it is asked to stop, and by itself when a file is made.
 */
final class EngineDevice implements AutoCloseable {
    private static final String NAME = "switched";
    private static final String SCRIPT =
            "trap 'exit 0' TERM; : >/host/began; while [ ! -e /host/end ]; do sleep 0.02; done";
    private static final HealthCheck CHECK =
            new HealthCheck.Exec(List.of("/bin/test", "-e", "/host/began"), HealthCheck.Timing.DEFAULT);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HostTools tools = new HostTools();
    private final Semaphore turns = new Semaphore(0);
    private final RuncContainers containers;
    private final Engine engine;
    private final Digest image;
    private final Path root;
    private final Path pid;
    private final Path runcRoot;
    private final Thread cleaner = new Thread(this::end);
    private int form;

    private EngineDevice(Path folder, String scope, PreparedImage image) {
        ContainerSettings settings = ContainerSettings.of(folder.resolve("data"), scope);
        HostCommands commands = new HostCommands();
        this.containers = RuncContainers.open(
                settings,
                commands,
                NetworkNamespaces.open(settings.networks(), commands),
                "this boot",
                InstantSource.system());
        this.engine = new Engine(
                settings.data(),
                new Hands(
                        new PresentImage(image),
                        containers,
                        FolderVolumes.open(settings.data(), commands, InstantSource.system()),
                        new UnrebootedMachine()),
                Ticker.system(),
                InstantSource.system(),
                Optional::empty,
                new SecureRandom(),
                turns::release);
        this.image = image.manifest();
        this.root = settings.data().resolve("containers").resolve(NAME);
        this.pid = settings.data().resolve("run/notes").resolve(NAME).resolve("pid");
        this.runcRoot = folder.resolve("runc");
        Runtime.getRuntime().addShutdownHook(cleaner);
        engine.start();
    }

    /** It isn't rebooted by a benchmark. */
    private record UnrebootedMachine() implements Machine {
        @Override
        public String bootId() {
            return "this boot";
        }

        @Override
        public void reboot(String why) {
            throw new IllegalStateException("a benchmark asked for a reboot: " + why);
        }
    }

    /**
     * How long an update took, in milliseconds.
     *
     * @param away from the end of the old form's process to the health of the new one
     * @param committed from the wish to its commit
     */
    record Update(double away, double committed) {}

    /** @param folder its alone */
    static EngineDevice in(Path folder) {
        String scope = "bench-" + Integer.toString(new SecureRandom().nextInt(36 * 36 * 36 * 36), 36);
        try {
            Path layer = folder.resolve("layers/a");
            for (String inside : List.of("bin", "dev", "etc", "host", "proc", "run", "sys", "tmp")) {
                Files.createDirectories(layer.resolve(inside));
            }
            Files.copy(Path.of("/bin/busybox"), layer.resolve("bin/busybox"));
            for (String applet : List.of("sh", "sleep", "test")) {
                Files.createSymbolicLink(layer.resolve("bin").resolve(applet), Path.of("busybox"));
            }
            ImageConfig config = new ImageConfig(
                    "linux",
                    BenchLab.architecture().ociArchitecture(),
                    "",
                    List.of("/bin/sh", "-c", SCRIPT),
                    List.of(),
                    Map.of("PATH", "/bin"),
                    "",
                    "/",
                    "SIGTERM",
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of());
            Digest manifest = Digest.of("an update's switch".getBytes(StandardCharsets.UTF_8));
            return new EngineDevice(
                    folder, scope, new PreparedImage(manifest, config, folder.resolve("layers"), List.of("a")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has a new form of the container committed, in the place of whatever there was. */
    void install() {
        form++;
        offer();
        await("a committed container", this::isCommitted);
    }

    /** Has the running form replaced by another. */
    Update update() {
        Path old = Path.of("/proc").resolve(pid());
        form++;
        long began = System.nanoTime();
        offer();
        await("the old form's end", () -> !Files.exists(old));
        long gone = System.nanoTime();
        await("a healthy new form", this::isHealthy);
        long healthy = System.nanoTime();
        await("the commit", this::isCommitted);
        long committed = System.nanoTime();
        return new Update((healthy - gone) / 1e6, (committed - began) / 1e6);
    }

    /** Lets the container end and starts its bundle by a bare runc; milliseconds until its program has begun. */
    double byRunc() {
        Path host = root.resolve("host");
        try {
            Files.createFile(host.resolve("end"));
            await(
                    "the container's end",
                    () -> containers.status().stream().allMatch(s -> s.state() == ContainerStatus.State.STOPPED));
            Files.delete(host.resolve("end"));
            Files.delete(host.resolve("began"));
            File nothing = new File("/dev/null");
            ProcessBuilder command = new ProcessBuilder(
                            "runc",
                            "--root",
                            runcRoot.toString(),
                            "run",
                            "--bundle",
                            root.resolve("bundle").toString(),
                            NAME)
                    .redirectInput(nothing)
                    .redirectOutput(nothing)
                    .redirectError(nothing);
            long began = System.nanoTime();
            Process process = command.start();
            await("the program's begin", () -> Files.exists(host.resolve("began")));
            double took = (System.nanoTime() - began) / 1e6;
            Files.createFile(host.resolve("end"));
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new Problem("bench.waited", "runc does not end.").asException();
            }
            return took;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "Waiting for runc was interrupted.").asException(e);
        }
    }

    /** Has this many containers committed instead of what there was. */
    void install(int count) {
        form++;
        engine.offer(Owner.CLOUD, workload(count), "");
        await(count + " committed containers", this::isCommitted);
    }

    /**
     * Offers the committed workload again, read anew from its bytes each time.
     *
     * @param token the retry token that comes with each, by its number; with another one the engine looks at the device
     * @return milliseconds of this process's processor time for each
     */
    double offers(int containers, int times, IntFunction<String> token) {
        byte[] document = Documents.WORKLOAD.toJsonBytes(workload(containers));
        double before = CpuTime.ownSeconds();
        for (int i = 0; i < times; i++) {
            turns.drainPermits();
            engine.offer(Owner.CLOUD, Wire.read(Documents.WORKLOAD, document, "A workload"), token.apply(i));
            if (!token.apply(i).equals(token.apply(i - 1))) {
                awaitTurn();
            }
        }
        return (CpuTime.ownSeconds() - before) * 1000 / times;
    }

    private void awaitTurn() {
        try {
            if (!turns.tryAcquire(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new Problem("bench.waited", "The engine does not turn.").asException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "Waiting for the engine was interrupted.").asException(e);
        }
    }

    private void offer() {
        engine.offer(Owner.CLOUD, workload(1), "");
    }

    private Workload workload(int count) {
        Container container = Container.plain(
                new ServiceVersion("bench", "bench", form),
                new Image("bench/bench", image, 0, 0),
                Map.of("FORM", Integer.toString(form)),
                Limits.DEFAULT,
                List.of(),
                Optional.of(CHECK),
                RestartPolicy.NO,
                Container.DEFAULT_STOP_SECONDS,
                0);
        return Workload.of(names(count).collect(Collectors.toMap(n -> n, _ -> container)));
    }

    private static Stream<String> names(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> i == 1 ? NAME : NAME + "-" + i);
    }

    private boolean isHealthy() {
        return containers.status().stream()
                .anyMatch(s -> s.service().version() == form && s.health() == ContainerStatus.Health.HEALTHY);
    }

    private boolean isCommitted() {
        return engine.standing().revision().current() == form;
    }

    private String pid() {
        try {
            return Files.readString(pid).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(String what, BooleanSupplier holds) {
        long began = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - began > LIMIT.toNanos()) {
                throw new Problem(
                                "bench.waited",
                                "There was not " + what + " after " + LIMIT.toSeconds() + " s: " + engine.standing())
                        .asException();
            }
            LockSupport.parkNanos(200_000);
        }
    }

    private void end() {
        try {
            engine.close();
            containers.present().keySet().forEach(n -> containers.stop(n, Slot.MAIN));
            tools.attempt("runc", "--root", runcRoot.toString(), "delete", "--force", NAME);
        } catch (ProblemException e) {
            throw new Problem(
                            "bench.left-over",
                            "A container of the benchmark can't be removed.",
                            e.problem().sentence())
                    .asException(e);
        } finally {
            containers.close();
            new Cgroups().removeIfEmpty("/skerry");
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(cleaner);
        end();
    }
}
