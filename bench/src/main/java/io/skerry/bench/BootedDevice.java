package io.skerry.bench;

import io.skerry.bench.host.CpuTime;
import io.skerry.lab.VirtualDevice;
import io.skerry.lab.host.Daemon;
import io.skerry.lab.host.Pause;
import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A virtual device whose power is cut and that boots without a network. */
final class BootedDevice {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_AFTER = Duration.ofMillis(3).toNanos();
    private static final Pattern RUNS = Pattern.compile("\"init\":\\{\"pid\":[1-9]");

    private final VirtualDevice device;

    BootedDevice(VirtualDevice device) {
        this.device = device;
        device.powerOff();
    }

    /**
     * How long a boot took, in seconds from the daemon's start.
     *
     * @param first until one container ran
     * @param all until all did
     * @param cpu processor time of the daemon until then
     */
    record Boot(double first, double all, double cpu) {}

    /** Cuts the power, takes the cable out and boots. */
    Boot boot(int containers) {
        device.powerOff();
        device.plug(false);
        String boot = device.bootId();
        List<Path> records = records();
        if (records.size() != containers) {
            throw new Problem(
                            "bench.containers", "There are " + records.size() + " containers, not " + containers + ".")
                    .asException();
        }
        // What the end of the others left to do shall not be counted with the start.
        Pause.of(Duration.ofSeconds(1));
        long began = System.nanoTime();
        device.start();
        double first = secondsUntil(1, records, boot, began);
        double all = secondsUntil(containers, records, boot, began);
        double cpu = device.daemon().map(d -> CpuTime.seconds(d.pid())).orElse(0.0);
        return new Boot(first, all, cpu);
    }

    private double secondsUntil(int count, List<Path> records, String boot, long began) {
        while (records.stream().filter(r -> runs(r, boot)).count() < count) {
            if (System.nanoTime() - began > LIMIT.toNanos()) {
                throw new Problem(
                                "bench.waited",
                                "The containers don't run within " + LIMIT.toSeconds() + " s after the boot: "
                                        + Daemon.lastWords(device.log()))
                        .asException();
            }
            LockSupport.parkNanos(LOOK_AFTER);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private List<Path> records() {
        try (Stream<Path> folders = Files.list(device.data().resolve("containers"))) {
            return folders.map(f -> f.resolve("run.json")).filter(Files::exists).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean runs(Path record, String boot) {
        try {
            String text = Files.readString(record);
            return text.contains(boot) && RUNS.matcher(text).find();
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
