package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import io.skerry.bench.figure.Limit;
import io.skerry.bench.figure.Samples;
import io.skerry.bench.figure.Unit;
import io.skerry.bench.host.MemoryUse;
import io.skerry.lab.host.Pause;
import io.skerry.lab.host.Processes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the device daemon keeps in memory, at rest and while it fetches. */
final class DeviceMemory implements Benchmark {
    private static final int CONTAINERS = 3;
    private static final Duration REST = Duration.ofSeconds(25);
    private static final Duration FETCH_LIMIT = Duration.ofMinutes(5);
    private static final int LARGE_MEGABYTES = 64;
    private static final String SUPERVISOR = "balena supervisor: 85 MB resident, fresh (published)";

    @Override
    public String name() {
        return "device-memory";
    }

    @Override
    public String title() {
        return "The device daemon's memory";
    }

    @Override
    public String about() {
        return """
                The daemon as it is shipped (jlink runtime, start cache, production flags) in a network namespace, enrolled, with a poll
                waiting at a control plane and three containers that it watches (an HTTP health check each, every 30 s). Read from
                `/proc/PID/smaps_rollup` after 25 s of rest: *fresh* is the process that enrolled nothing before but fetched the three images
                and started them, *restarted* one that found them running. The containers' conmons are apart. Then the peak, looked at
                every 50 ms, while the same daemon fetches, unpacks and starts an image with a layer of 64 MB. The goal for the
                proportional memory at rest is 56 MB.
                """;
    }

    @Override
    public int usualRuns() {
        return 5;
    }

    @Override
    public List<Figure> measure(Workplace place, int runs) {
        try (BenchLab lab = BenchLab.start(place, 1)) {
            lab.runServices(CONTAINERS);
            place.say("at rest, fresh");
            MemoryUse fresh = BenchLab.afterRest(lab.daemon(), REST);
            List<MemoryUse> restarted = new ArrayList<>();
            for (int run = 1; run <= runs; run++) {
                place.say("at rest, restarted " + run + " of " + runs);
                lab.restartDaemon(Map.of());
                restarted.add(BenchLab.afterRest(lab.daemon(), REST));
            }
            List<MemoryUse> conmons = new Processes()
                    .of("conmon", lab.device().data()).stream()
                            .map(p -> MemoryUse.of(p.pid()))
                            .toList();
            place.say("fetching an image of " + LARGE_MEGABYTES + " MB");
            MemoryUse fetching = peakWhileFetching(place, lab);
            return List.of(
                    proportional("at rest, fresh: proportional", List.of(fresh)).within(Limit.atMost(68)),
                    resident("at rest, fresh: resident", List.of(fresh)).beside(SUPERVISOR),
                    proportional("at rest, restarted: proportional", restarted).within(Limit.atMost(68)),
                    resident("at rest, restarted: resident", restarted).beside(SUPERVISOR),
                    figure(
                            "at rest, restarted: anonymous part",
                            restarted.stream().map(MemoryUse::anonymous).toList()),
                    proportional("one conmon: proportional", conmons),
                    proportional("fetching 64 MB: peak, proportional", List.of(fetching))
                            .within(Limit.atMost(96)),
                    resident("fetching 64 MB: peak, resident", List.of(fetching)));
        }
    }

    private static MemoryUse peakWhileFetching(Workplace place, BenchLab lab) {
        lab.lab().registry().start();
        String reference = new LargeImage(LARGE_MEGABYTES).push(place, lab.lab().registry());
        long pid = lab.daemon().pid();
        MemoryPeak peak = MemoryPeak.watch(pid);
        try (peak) {
            lab.install("large", reference, Map.of("probation_seconds", 1));
            boolean settled = Pause.until(FETCH_LIMIT, () -> {
                Pause.of(Duration.ofMillis(400));
                return lab.healthy(CONTAINERS + 1);
            });
            if (!settled) {
                lab.awaitHealthy(CONTAINERS + 1);
            }
        } finally {
            lab.lab().registry().stop();
        }
        return peak.most();
    }

    private static Figure proportional(String what, List<MemoryUse> of) {
        return figure(what, of.stream().map(MemoryUse::proportional).toList());
    }

    private static Figure resident(String what, List<MemoryUse> of) {
        return figure(what, of.stream().map(MemoryUse::resident).toList());
    }

    private static Figure figure(String what, List<Double> values) {
        return Figure.of(what, Unit.MEGABYTES, Samples.of(values));
    }
}
