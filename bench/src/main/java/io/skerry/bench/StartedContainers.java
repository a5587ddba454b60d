package io.skerry.bench;

import io.skerry.content.oci.ImageConfig;
import io.skerry.device.container.ContainerSettings;
import io.skerry.device.container.RuncContainers;
import io.skerry.device.host.HostCommands;
import io.skerry.device.network.NetworkNamespaces;
import io.skerry.device.revision.PreparedImage;
import io.skerry.device.revision.Slot;
import io.skerry.lab.host.Cgroups;
import io.skerry.lab.host.HostTools;
import io.skerry.lab.host.Pause;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.ServiceVersion;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts one and the same container by the daemon's class and by runc, and tells how long each took. The container's program
 * makes a file as the first thing, and ends when it is told to by another.
 */
final class StartedContainers implements AutoCloseable {
    private static final String NAME = "started";
    private static final String SCRIPT = ": >/host/began; while [ ! -e /host/end ]; do sleep 0.02; done";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HostTools tools = new HostTools();
    private final RuncContainers containers;
    private final PreparedImage image;
    private final Path bundle;
    private final Path host;
    private final Path runcRoot;
    private final Thread cleaner = new Thread(this::end);

    private StartedContainers(Path folder, String scope, PreparedImage image) {
        ContainerSettings settings = ContainerSettings.of(folder.resolve("data"), scope);
        HostCommands commands = new HostCommands();
        this.containers = RuncContainers.open(
                settings,
                commands,
                NetworkNamespaces.open(settings.data().resolve("run/netns"), commands),
                "this boot",
                InstantSource.system());
        this.image = image;
        this.bundle = settings.data().resolve("containers").resolve(NAME).resolve("bundle");
        this.host = settings.data().resolve("containers").resolve(NAME).resolve("host");
        this.runcRoot = folder.resolve("runc");
        Runtime.getRuntime().addShutdownHook(cleaner);
    }

    /** @param folder theirs alone */
    static StartedContainers in(Path folder) {
        String scope = "bench-" + Integer.toString(new SecureRandom().nextInt(36 * 36 * 36 * 36), 36);
        try {
            Path layer = folder.resolve("layers/a");
            for (String inside : List.of("bin", "dev", "etc", "host", "proc", "run", "sys", "tmp")) {
                Files.createDirectories(layer.resolve(inside));
            }
            Files.copy(Path.of("/bin/busybox"), layer.resolve("bin/busybox"));
            for (String applet : List.of("sh", "sleep")) {
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
            Digest manifest = Digest.of("a container's start".getBytes(StandardCharsets.UTF_8));
            return new StartedContainers(
                    folder, scope, new PreparedImage(manifest, config, folder.resolve("layers"), List.of("a")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Milliseconds from the daemon's call to the container's program. The container has ended then; its bundle stays. */
    double byDaemon() {
        containers.stop(NAME, Slot.MAIN);
        Container container = Container.plain(
                new ServiceVersion("bench", "bench", 1),
                new Image("bench/bench", image.manifest(), 0, 0),
                Map.of(),
                Limits.DEFAULT,
                List.of(),
                Optional.empty(),
                RestartPolicy.NO,
                Container.DEFAULT_STOP_SECONDS,
                1);
        // As the engine does, before anything that was there is stopped.
        containers.prepareNetwork(NAME, Slot.MAIN, container);
        long began = System.nanoTime();
        containers.start(NAME, Slot.MAIN, container, Goal.STARTED, image);
        double took = untilItBegan(began);
        tellToEnd();
        boolean ended = Pause.until(
                LIMIT, () -> containers.status().stream().allMatch(s -> s.state() == ContainerStatus.State.STOPPED));
        if (!ended) {
            throw new Problem("bench.waited", "The container does not end.").asException();
        }
        return took;
    }

    /** The same by a bare runc, with the bundle and the mounted root of the last {@link #byDaemon}. */
    double byRunc() {
        try {
            Files.delete(host.resolve("began"));
            Files.delete(host.resolve("end"));
            File nothing = new File("/dev/null");
            ProcessBuilder command = new ProcessBuilder(
                            "runc", "--root", runcRoot.toString(), "run", "--bundle", bundle.toString(), NAME)
                    .redirectInput(nothing)
                    .redirectOutput(nothing)
                    .redirectError(nothing);
            long began = System.nanoTime();
            Process process = command.start();
            double took = untilItBegan(began);
            tellToEnd();
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

    private double untilItBegan(long began) {
        Path sign = host.resolve("began");
        while (!Files.exists(sign)) {
            if (System.nanoTime() - began > LIMIT.toNanos()) {
                throw new Problem("bench.waited", "The container's program does not begin.").asException();
            }
            LockSupport.parkNanos(200_000);
        }
        return (System.nanoTime() - began) / 1e6;
    }

    private void tellToEnd() {
        try {
            Files.createFile(host.resolve("end"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        try {
            containers.stop(NAME, Slot.MAIN);
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
