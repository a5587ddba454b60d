package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import io.skerry.bench.figure.Limit;
import io.skerry.bench.figure.Samples;
import io.skerry.bench.figure.Unit;
import java.util.ArrayList;
import java.util.List;

/** How long after a boot the committed containers run, without any network. */
final class BootToContainers implements Benchmark {
    private static final int CONTAINERS = 3;

    @Override
    public String name() {
        return "boot";
    }

    @Override
    public String title() {
        return "From boot to containers";
    }

    @Override
    public String about() {
        return """
                Three containers are committed. Then the power is cut (daemon and containers killed, mounts, namespaces and groups gone),
                the cable is out, the boot has another name (`boot_id_file`), and the daemon is started as init would: from the start of
                its start script to the moment when its own records tell of a process of each container in this boot. What the kernel
                has read from the disk before stays in memory, so the disk's own slowness after a boot isn't in it.
                """;
    }

    @Override
    public int usualRuns() {
        return 9;
    }

    @Override
    public List<Figure> measure(Workplace place, int runs) {
        try (BenchLab lab = BenchLab.start(place, 1)) {
            lab.runServices(CONTAINERS);
            BootedDevice device = new BootedDevice(lab.device());
            device.boot(CONTAINERS);
            List<BootedDevice.Boot> boots = new ArrayList<>();
            for (int run = 1; run <= runs; run++) {
                place.say("boot " + run + " of " + runs);
                boots.add(device.boot(CONTAINERS));
            }
            return List.of(
                    figure(
                                    "start to three containers",
                                    boots.stream().map(BootedDevice.Boot::all).toList())
                            .within(Limit.atMost(1)),
                    figure(
                            "start to the first of them",
                            boots.stream().map(BootedDevice.Boot::first).toList()),
                    figure(
                            "the daemon's processor time until all run",
                            boots.stream().map(BootedDevice.Boot::cpu).toList()));
        }
    }

    private static Figure figure(String what, List<Double> seconds) {
        return Figure.of(what, Unit.SECONDS, Samples.of(seconds));
    }
}
