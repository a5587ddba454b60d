package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import io.skerry.bench.figure.Limit;
import io.skerry.bench.figure.Samples;
import io.skerry.bench.figure.Unit;
import io.skerry.bench.host.CpuTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What it costs the device to be told once more what it does already. */
final class UnchangedState implements Benchmark {
    private static final int CONTAINERS = 3;
    private static final int OFFERS = 500;
    private static final int FIRST = 10;
    private static final int WARM_UP = 90;
    private static final int STATES = 100;

    @Override
    public String name() {
        return "unchanged-state";
    }

    @Override
    public String title() {
        return "A desired state that changes nothing";
    }

    @Override
    public String about() {
        return """
                First the engine alone, in the benchmark's process, with three containers that run: the workload that is committed is
                read from its document and offered again and again, with the same retry token and with another one each time, for which
                the engine looks at the device and finds nothing to do. All processor time of the process counts, in windows of 500.
                Then the daemon as it is shipped with its link, its runtime compiling as it goes: an operator asks for another try, so each time the waiting poll is answered with a new document in which only the retry token differs.
                Processor time is that of the whole daemon process (`/proc/PID/stat`): the poll over TLS, the document's verification,
                what is kept of it on the disk, the engine's turn, which finds nothing to do, the status report that may follow, and the
                next poll. In windows of 100 documents after 100 others; the first ten after the daemon's start are told apart.
                """;
    }

    @Override
    public int usualRuns() {
        return 5;
    }

    @Override
    public List<Figure> measure(Workplace place, int runs) {
        List<Double> same = new ArrayList<>();
        List<Double> other = new ArrayList<>();
        place.inFolder(folder -> {
            try (EngineDevice device = EngineDevice.in(folder)) {
                device.install(CONTAINERS);
                for (int run = 0; run <= runs; run++) {
                    String window = "window " + run;
                    double withSame = device.offers(CONTAINERS, OFFERS, _ -> window);
                    double withOther = device.offers(CONTAINERS, OFFERS, i -> window + ", " + i);
                    if (run > 0) {
                        same.add(withSame);
                        other.add(withOther);
                    }
                }
            }
        });
        try (BenchLab lab = BenchLab.start(place, 1)) {
            lab.runServices(CONTAINERS);
            lab.restartDaemon(Map.of());
            lab.awaitPolls(1);
            List<String> instances = lab.instances();
            double first = milliseconds(lab, instances, FIRST);
            milliseconds(lab, instances, WARM_UP);
            List<Double> warm = new ArrayList<>();
            for (int run = 1; run <= runs; run++) {
                place.say("window " + run + " of " + runs);
                warm.add(milliseconds(lab, instances, STATES));
            }
            return List.of(
                    Figure.of("engine: offered again", Unit.MILLISECONDS, Samples.of(same))
                            .within(Limit.atMost(5)),
                    Figure.of("engine: offered with another retry token", Unit.MILLISECONDS, Samples.of(other))
                            .within(Limit.atMost(5)),
                    Figure.of("daemon: a whole new document", Unit.MILLISECONDS, Samples.of(warm)),
                    Figure.of("daemon: each of the first ten", Unit.MILLISECONDS, Samples.of(List.of(first))));
        }
    }

    private static double milliseconds(BenchLab lab, List<String> instances, int states) {
        long pid = lab.daemon().pid();
        double before = CpuTime.seconds(pid);
        for (int i = 0; i < states; i++) {
            lab.tellAgain(instances);
        }
        return (CpuTime.seconds(pid) - before) * 1000 / states;
    }
}
