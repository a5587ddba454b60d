package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import io.skerry.bench.figure.Limit;
import io.skerry.bench.figure.Samples;
import io.skerry.bench.figure.Unit;
import io.skerry.bench.host.MemoryUse;
import io.skerry.lab.Progress;
import io.skerry.lab.VirtualDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the control plane keeps in memory at rest. */
final class CloudMemory implements Benchmark {
    private static final int DEVICES = 2;
    private static final Duration REST = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "cloud-memory";
    }

    @Override
    public String title() {
        return "The control plane's memory";
    }

    @Override
    public String about() {
        return """
                The control plane on its embedded database with two devices whose polls wait, after 30 s of rest. *Fresh* is the process
                that made the database, enrolled both devices, imported the sample and rolled it out (what `./skerry up` does);
                *restarted* one that found all that.
                """;
    }

    @Override
    public int usualRuns() {
        return 5;
    }

    @Override
    public List<Figure> measure(Workplace place, int runs) {
        try (BenchLab lab = BenchLab.start(place, DEVICES)) {
            lab.lab().up(Progress.SILENT);
            place.say("at rest, fresh");
            MemoryUse fresh = BenchLab.afterRest(lab.cloud(), REST);
            List<MemoryUse> restarted = new ArrayList<>();
            for (int run = 1; run <= runs; run++) {
                place.say("at rest, restarted " + run + " of " + runs);
                lab.lab().devices().forEach(VirtualDevice::stop);
                lab.lab().cloud().stop();
                lab.lab().cloud().start();
                // Started anew, they poll at once: after several outages a daemon's back-off can outlast a benchmark.
                lab.lab().devices().forEach(VirtualDevice::start);
                lab.awaitPolls(DEVICES);
                restarted.add(BenchLab.afterRest(lab.cloud(), REST));
            }
            return List.of(
                    figure("at rest, fresh: resident", List.of(fresh.resident()))
                            .within(Limit.atMost(256)),
                    figure("at rest, fresh: proportional", List.of(fresh.proportional())),
                    figure(
                                    "at rest, restarted: resident",
                                    restarted.stream().map(MemoryUse::resident).toList())
                            .within(Limit.atMost(256)),
                    figure(
                            "at rest, restarted: proportional",
                            restarted.stream().map(MemoryUse::proportional).toList()));
        }
    }

    private static Figure figure(String what, List<Double> megabytes) {
        return Figure.of(what, Unit.MEGABYTES, Samples.of(megabytes));
    }
}
