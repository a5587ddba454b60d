package io.skerry.lab.dist;

import io.skerry.lab.Folders;
import io.skerry.lab.Installation;
import io.skerry.lab.Lab;
import io.skerry.lab.Progress;
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
 * The device's start cache (an AOT cache, JEP 483), trained by a real daemon with the very options of production: it enrols,
 * polls, reports, fetches an image and runs a container. Its name carries the hash of the jars, since a cache that is older
 * than its jars makes JDK 25 run old code; the start script compares.
 */
final class DeviceCache {
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
                lab.start(Progress.SILENT);
                device.stop();
                device.start(Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=record -XX:AOTConfiguration=" + recorded));
                lab.up(Progress.SILENT);
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
