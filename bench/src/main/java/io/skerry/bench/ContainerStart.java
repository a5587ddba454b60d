package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import io.skerry.bench.figure.Limit;
import io.skerry.bench.figure.Samples;
import io.skerry.bench.figure.Unit;
import io.skerry.lab.Lab;
import io.skerry.spec.Problem;
import java.util.ArrayList;
import java.util.List;

/** The daemon's own start of a container against runc's. */
final class ContainerStart implements Benchmark {
    private static final int WARM_UP = 3;

    @Override
    public String name() {
        return "container-start";
    }

    @Override
    public String title() {
        return "A container's start";
    }

    @Override
    public String about() {
        return """
                The daemon's class that starts containers (folder, record on the disk, overlay mount, `config.json`, conmon, runc) against a bare
                `runc run` of the very bundle that it made, with the root mounted already; in turns. Each from the call to the moment
                when the container's own program has made a file. Peer: runc as Debian packages it.
                """;
    }

    @Override
    public int usualRuns() {
        return 25;
    }

    @Override
    public List<Figure> measure(Workplace place, int runs) {
        if (!Lab.missing().isEmpty()) {
            throw new Problem("bench.no-devices", "It needs containers. " + Lab.missing()).asException();
        }
        List<Double> ours = new ArrayList<>();
        List<Double> runcs = new ArrayList<>();
        List<Double> differences = new ArrayList<>();
        place.inFolder(folder -> {
            try (StartedContainers containers = StartedContainers.in(folder)) {
                for (int run = 1; run <= WARM_UP + runs; run++) {
                    double our = containers.byDaemon();
                    double runc = containers.byRunc();
                    if (run > WARM_UP) {
                        ours.add(our);
                        runcs.add(runc);
                        differences.add(our - runc);
                    }
                    if (run % 5 == 0) {
                        place.say("pair " + run + " of " + (WARM_UP + runs));
                    }
                }
            }
        });
        Samples our = Samples.of(ours);
        Samples runc = Samples.of(runcs);
        return List.of(
                Figure.of("by the daemon", Unit.MILLISECONDS, our),
                Figure.of("by `runc run`", Unit.MILLISECONDS, runc),
                Figure.of(
                                "difference of the medians",
                                Unit.MILLISECONDS,
                                Samples.of(List.of(our.median() - runc.median())))
                        .within(Limit.atMost(50))
                        .beside("runc itself"),
                Figure.of("difference, pair by pair", Unit.MILLISECONDS, Samples.of(differences)));
    }
}
