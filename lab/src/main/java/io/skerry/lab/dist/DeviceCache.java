package io.skerry.lab.dist;

import io.skerry.lab.Breakage;
import io.skerry.lab.FleetApi;
import io.skerry.lab.Folders;
import io.skerry.lab.Installation;
import io.skerry.lab.Lab;
import io.skerry.lab.Progress;
import io.skerry.lab.SampleImage;
import io.skerry.lab.VirtualDevice;
import io.skerry.lab.host.Daemon;
import io.skerry.lab.host.HostTools;
import io.skerry.lab.host.Pause;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The device's start cache (an AOT cache, JEP 483), trained by a real daemon with the very options of production: it boots with
 * three containers, polls, reports, fetches an image and updates them. Its name carries the hash of the jars, since a cache that is older
 * than its jars makes JDK 25 run old code; the start script compares.
 */
final class DeviceCache {
    private static final int INSTANCES = 3;

    private final Path folder;
    private final PrintStream out;

    /** @param folder a distribution that stands in its place already */
    DeviceCache(Path folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
    }

    /** Makes it; where that can't be done the device works without it, and the build says so. */
    void make() throws IOException {
        if (!Lab.missing().isEmpty()) {
            out.println("The device gets no start cache: training it takes a virtual device. " + Lab.missing());
            return;
        }
        Path work = Files.createTempDirectory("skerry-training");
        Path recorded = work.resolve("recorded.aotconf");
        try {
            train(work.resolve("lab"), recorded);
            create(recorded);
        } catch (ProblemException e) {
            out.println("The device gets no start cache: " + e.problem().sentence());
        } finally {
            Folders.delete(work);
        }
    }

    private void train(Path work, Path recorded) {
        String name = "t" + Integer.toString(new SecureRandom().nextInt(36 * 36 * 36 * 36), 36);
        try (Lab lab = Lab.create(new Installation(folder), work, name, 1)) {
            // What a build that is cut off started would go on for ever.
            Thread cleaner = new Thread(() -> lab.down(true, Progress.SILENT));
            Runtime.getRuntime().addShutdownHook(cleaner);
            try {
                VirtualDevice device = lab.devices().getFirst();
                out.println("Training the device's start cache");
                lab.up(Progress.SILENT);
                severalInstances(lab);
                device.powerOff();
                device.start(Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=record -XX:AOTConfiguration=" + recorded));
                lab.importSample(new SampleImage(2, Breakage.NONE), Progress.SILENT);
                awaitAll(lab, 2);
                device.stop();
                if (!Pause.until(Duration.ofSeconds(30), () -> Files.exists(recorded))) {
                    throw new Problem(
                                    "dist.nothing-recorded",
                                    "The daemon recorded nothing for it: " + Daemon.lastWords(device.log()))
                            .asException();
                }
            } finally {
                Runtime.getRuntime().removeShutdownHook(cleaner);
                lab.down(true, Progress.SILENT);
            }
        }
    }

    /** As many as are started side by side after a boot. */
    private static void severalInstances(Lab lab) {
        try (FleetApi api = lab.cloud().api()) {
            FleetApi.Instance first = api.instances(api.firstCustomer()).getFirst();
            for (int i = 1; i < INSTANCES; i++) {
                api.addInstance(first.service(), first.node());
            }
        }
        awaitAll(lab, 1);
    }

    private static void awaitAll(Lab lab, int version) {
        try (FleetApi api = lab.cloud().api()) {
            String customer = api.firstCustomer();
            if (!Pause.until(
                    Duration.ofMinutes(2),
                    () -> api.instances(customer).stream()
                                    .filter(i -> i.healthy()
                                            && i.runningVersion()
                                                    .filter(v -> v == version)
                                                    .isPresent())
                                    .count()
                            == INSTANCES)) {
                throw new Problem(
                                "dist.not-healthy",
                                "Version " + version + " did not become healthy while the cache was trained.")
                        .asException();
            }
        }
    }

    private void create(Path recorded) throws IOException {
        Path device = folder.resolve("device");
        List<Path> jars = new ArrayList<>();
        for (String jar : Files.readAllLines(device.resolve("classpath"), StandardCharsets.UTF_8)) {
            jars.add(device.resolve("lib").resolve(jar));
        }
        Path made = device.resolve("skerry-device-" + new ProgramFolder("device", jars).hash() + ".aot");
        Path fresh = device.resolve("new.tmp");
        new HostTools()
                .attempt(
                        "",
                        Duration.ofMinutes(3),
                        List.of(
                                "env",
                                // Making it takes more memory than the daemon may use; this variable outdoes the
                                // options.
                                "_JAVA_OPTIONS=-Xmx256m",
                                "JDK_JAVA_OPTIONS=-XX:AOTMode=create -XX:AOTConfiguration=" + recorded
                                        + " -XX:AOTCache=" + fresh,
                                device.resolve("bin/skerry-device").toString()))
                .orFail();
        Files.move(fresh, made, StandardCopyOption.ATOMIC_MOVE);
    }
}
