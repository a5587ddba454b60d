package io.skerry.lab.reliability;

import io.skerry.lab.Breakage;
import io.skerry.lab.FleetApi;
import io.skerry.lab.Installation;
import io.skerry.lab.SampleImage;
import io.skerry.lab.host.Pause;
import io.skerry.lab.vm.Cut;
import io.skerry.lab.vm.LayerPrint;
import io.skerry.lab.vm.MachineDevice;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A device in a virtual machine whose power is cut in the middle of updates, again and again, on a disk that loses what wasn't
 * flushed. After each cut it must come up without a network and run the whole old or the whole new version, its content must be
 * what the digests say, and with the network back it must get to the new version by itself and leave nothing behind.
 */
public final class PowerCuts implements AutoCloseable {
    /** More than a device keeps, so that each update fetches and unpacks. */
    private static final int VERSIONS = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** The daemon has one emulated processor for itself and for whoever asks how it is. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** What the kernel says of a file system that it doesn't mount, and that the guest has mended then. */
    private static final String TORN_SUPERBLOCK = "invalid superblock checksum";

    private static final Pattern PAGE = Pattern.compile("hello from version (\\d+) ");

    private final MachineFleet fleet;
    private final Set<LayerPrint> layers = new HashSet<>();
    private final String instance;
    private int version;
    /** How long an update takes that nothing happens to, and how often it changes the disk. */
    private Duration usualTime;

    private long usualChanges;

    /**
     * Makes the device, with version 1 running on it, and looks at an update without a cut.
     *
     * @param name as {@link MachineFleet} has it
     * @param log hears how far it is
     */
    public PowerCuts(Installation installation, String name, Consumer<String> log) {
        this.fleet = new MachineFleet(installation, name, MachineDevice.Keeper.SHELL);
        try {
            List<SampleImage> images = IntStream.rangeClosed(1, VERSIONS)
                    .mapToObj(v -> new SampleImage(v, Breakage.NONE))
                    .toList();
            images.forEach(i -> layers.add(LayerPrint.of(i, TrialServices.architecture())));
            String service = fleet.services().importVersions("cut", images.subList(0, 1), Map.of());
            instance = fleet.api().addInstance(service, fleet.node());
            fleet.services().pin(instance, 1);
            fleet.services().importVersions("cut", images.subList(1, VERSIONS), Map.of());
            version = 1;
            require("version 1 healthy", () -> healthy(1));
            long changes = fleet.disk().changes();
            long began = System.nanoTime();
            fleet.services().pin(instance, 2);
            version = 2;
            require("version 2 healthy", () -> healthy(2));
            usualTime = Duration.ofNanos(System.nanoTime() - began);
            usualChanges = fleet.disk().changes() - changes;
        } catch (RuntimeException e) {
            fleet.close();
            throw e;
        }
        log.accept("an update takes %d s and changes the disk %d times".formatted(usualTime.toSeconds(), usualChanges));
    }

    /**
     * Begins an update, cuts the power in its middle, and looks at what becomes of it.
     *
     * @param seed from which moment and losses are drawn; the moment also depends on how fast the host is
     * @throws ProblemException {@code lab.machine-silent} when the machine does not even boot
     */
    public CutOutcome cut(long seed) {
        Random random = new Random(seed);
        int from = version;
        int to = from % VERSIONS + 1;
        String moment = updateUntil(random, to);
        Cut cut = fleet.machine().cut(random);
        List<String> faults = new ArrayList<>();

        fleet.plug(false);
        fleet.machine().boot();
        boolean mended = fleet.machine().output("dmesg").contains(TORN_SUPERBLOCK);
        if (!fleet.machine().output("mountpoint -q /disk || echo no").isEmpty()) {
            faults.add("its disk can't be mounted: " + fleet.machine().consoleText());
        }
        long began = System.nanoTime();
        fleet.device().start();
        int[] cameUp = {0};
        if (!Pause.until(PATIENCE, INTERVAL, () -> (cameUp[0] = page()) != 0)) {
            faults.add("no version runs without a network");
        } else if (cameUp[0] != from && cameUp[0] != to) {
            faults.add("version " + cameUp[0] + " runs, which is neither the old nor the new one");
        }
        double whole = since(began);
        faults.addAll(look(false));

        fleet.plug(true);
        began = System.nanoTime();
        if (!Pause.until(PATIENCE, INTERVAL, () -> healthy(to) && page() == to)) {
            FleetApi.Instance now = fleet.services().instance(instance);
            faults.add("version %d isn't reached: %s, version %s, %s"
                    .formatted(to, now.state(), now.runningVersion(), now.reason()));
        }
        double converged = since(began);
        faults.addAll(look(true));
        version = to;
        return new CutOutcome(
                seed,
                from,
                to,
                moment,
                cut.toString(),
                mended,
                cut.waiting(),
                cut.lost().size() + cut.torn().size(),
                cameUp[0],
                whole,
                converged,
                faults);
    }

    /** Begins an update and returns at the moment when the power shall go, which it tells in words. */
    private String updateUntil(Random random, int to) {
        int kind = random.nextInt(4);
        if (kind == 0) {
            long millis = random.nextLong(usualTime.toMillis());
            fleet.services().pin(instance, to);
            Pause.of(Duration.ofMillis(millis));
            return "after %d ms".formatted(millis);
        }
        // At a change of the disk: what is done wrong is done wrong around those.
        long change = random.nextLong(usualChanges);
        long from = fleet.disk().changes() + change;
        // Most changes follow a flush, and what was written since is all that can be lost.
        boolean atFlush = kind != 1;
        if (atFlush) {
            fleet.disk().stopBeforeFlush(from);
        } else {
            fleet.disk().stopBefore(from);
        }
        fleet.services().pin(instance, to);
        boolean amid = fleet.disk().stopped(usualTime.multipliedBy(2));
        return (amid ? "" : "when it was done, ")
                + (atFlush ? "before a flush from change %d of its disk" : "before change %d of its disk")
                        .formatted(change + 1);
    }

    /** What is wrong with the device, besides the version that it runs. */
    private List<String> look(boolean settled) {
        List<String> faults = new ArrayList<>();
        if (!fleet.device().daemonRuns()) {
            faults.add("the daemon ended");
        }
        faults.addAll(fleet.device().contentFaults(layers));
        if (settled) {
            // The collector's turn comes a moment after the health was told.
            List<String> left = new ArrayList<>();
            Pause.until(Duration.ofSeconds(30), INTERVAL, () -> {
                left.clear();
                left.addAll(fleet.device().leftovers(Set.of(instance)));
                return left.isEmpty();
            });
            faults.addAll(left);
        }
        fleet.machine()
                .output("dmesg")
                .lines()
                .filter(l -> l.contains("EXT4-fs error"))
                .forEach(faults::add);
        return faults;
    }

    private int page() {
        Matcher m = PAGE.matcher(fleet.device().page(instance, SampleImage.PORT));
        return m.find() ? Integer.parseInt(m.group(1)) : 0;
    }

    private boolean healthy(int wanted) {
        FleetApi.Instance now = fleet.services().instance(instance);
        return now.healthy() && now.runningVersion().filter(v -> v == wanted).isPresent();
    }

    private void require(String what, BooleanSupplier condition) {
        if (!Pause.until(PATIENCE, INTERVAL, condition)) {
            throw new Problem(
                            "lab.trial-not-ready",
                            "Before any cut the device did not get to: " + what + "; its state is "
                                    + fleet.services().instance(instance) + ".",
                            "Its console said: " + fleet.machine().consoleText())
                    .asException();
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    @Override
    public void close() {
        fleet.close();
    }
}
