package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import io.skerry.bench.figure.Limit;
import io.skerry.bench.figure.Samples;
import io.skerry.bench.figure.Unit;
import io.skerry.bench.host.CpuTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How long a device daemon takes from its start to its first poll. */
final class DeviceStart implements Benchmark {
    private static final Map<String, String> NO_CACHE = Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=off");

    @Override
    public String name() {
        return "device-start";
    }

    @Override
    public String title() {
        return "The device daemon's start";
    }

    @Override
    public String about() {
        return """
                From the start of the start script to the moment when the control plane has counted the daemon's first poll (its metrics are
                asked every 10 ms, so about that much is added; so is the look for an earlier daemon before the start). The device is
                enrolled and one container runs. With the start cache and without it in turns.
                """;
    }

    @Override
    public int usualRuns() {
        return 9;
    }

    private record Start(double seconds, double cpuSeconds) {}

    @Override
    public List<Figure> measure(Workplace place, int runs) {
        try (BenchLab lab = BenchLab.start(place, 1)) {
            lab.runServices(1);
            start(lab, Map.of());
            List<Start> with = new ArrayList<>();
            List<Start> without = new ArrayList<>();
            for (int run = 1; run <= runs; run++) {
                place.say("start " + run + " of " + runs);
                with.add(start(lab, Map.of()));
                without.add(start(lab, NO_CACHE));
            }
            return List.of(
                    figure(
                                    "start to first poll",
                                    with.stream().map(Start::seconds).toList())
                            .within(Limit.atMost(0.8)),
                    figure(
                            "processor time until then",
                            with.stream().map(Start::cpuSeconds).toList()),
                    figure(
                            "start to first poll, without the cache",
                            without.stream().map(Start::seconds).toList()),
                    figure(
                            "processor time until then, without the cache",
                            without.stream().map(Start::cpuSeconds).toList()));
        }
    }

    private static Start start(BenchLab lab, Map<String, String> environment) {
        double seconds = lab.restartDaemon(environment);
        return new Start(seconds, CpuTime.seconds(lab.daemon().pid()));
    }

    private static Figure figure(String what, List<Double> seconds) {
        return Figure.of(what, Unit.SECONDS, Samples.of(seconds));
    }
}
