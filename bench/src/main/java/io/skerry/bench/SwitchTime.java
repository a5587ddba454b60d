package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import io.skerry.bench.figure.Limit;
import io.skerry.bench.figure.Samples;
import io.skerry.bench.figure.Unit;
import io.skerry.lab.Lab;
import io.skerry.spec.Problem;
import java.util.ArrayList;
import java.util.List;

/** How long an update takes a container away, against the start of its program alone. */
final class SwitchTime implements Benchmark {
    private static final int WARM_UP = 3;

    @Override
    public String name() {
        return "switch";
    }

    @Override
    public String title() {
        return "An update's switch";
    }

    @Override
    public String about() {
        return """
                The daemon's engine brings a running container (stop-then-start, no volumes, a health check by a command in it) into
                another form, with all that it writes to the disk and with conmon and runc. From the moment when the old form's process
                is gone to the moment when the new one is known to be healthy; in turns with a bare `runc run` of the bundle that the
                engine made, until the program has made the file that the check looks for. The content of both forms is on the device.
                """;
    }

    @Override
    public int usualRuns() {
        return 15;
    }

    @Override
    public List<Figure> measure(Workplace place, int runs) {
        if (!Lab.missing().isEmpty()) {
            throw new Problem("bench.no-devices", "It needs containers. " + Lab.missing()).asException();
        }
        List<EngineDevice.Update> updates = new ArrayList<>();
        List<Double> runcs = new ArrayList<>();
        place.inFolder(folder -> {
            try (EngineDevice device = EngineDevice.in(folder)) {
                for (int run = 1; run <= WARM_UP + runs; run++) {
                    device.install();
                    EngineDevice.Update update = device.update();
                    double runc = device.byRunc();
                    if (run > WARM_UP) {
                        updates.add(update);
                        runcs.add(runc);
                    }
                    if (run % 5 == 0) {
                        place.say("pair " + run + " of " + (WARM_UP + runs));
                    }
                }
            }
        });
        List<Double> aways = updates.stream().map(EngineDevice.Update::away).toList();
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < runcs.size(); i++) {
            differences.add(aways.get(i) - runcs.get(i));
        }
        Samples away = Samples.of(aways);
        Samples runc = Samples.of(runcs);
        return List.of(
                Figure.of("old gone to new healthy", Unit.MILLISECONDS, away),
                Figure.of("the program's own start by `runc run`", Unit.MILLISECONDS, runc),
                Figure.of(
                                "difference of the medians",
                                Unit.MILLISECONDS,
                                Samples.of(List.of(away.median() - runc.median())))
                        .within(Limit.atMost(1000))
                        .beside("runc itself"),
                Figure.of("difference, pair by pair", Unit.MILLISECONDS, Samples.of(differences)),
                Figure.of(
                        "wanted to committed, the whole update",
                        Unit.MILLISECONDS,
                        Samples.of(updates.stream()
                                .map(EngineDevice.Update::committed)
                                .toList())));
    }
}
