package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import io.skerry.bench.figure.Limit;
import io.skerry.bench.figure.Samples;
import io.skerry.bench.figure.Unit;
import io.skerry.bench.host.CpuTime;
import io.skerry.device.identity.CloudTls;
import io.skerry.device.identity.DeviceIdentity;
import io.skerry.device.identity.Enrolment;
import io.skerry.device.identity.TrustedTime;
import io.skerry.lab.host.Pause;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.wire.ClaimToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How many unchanged polls the control plane answers with a second of processor time. */
final class Polls implements Benchmark {
    private static final int DEVICES = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(25);
    private static final Duration WINDOW = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "polls";
    }

    @Override
    public String title() {
        return "Unchanged polls of devices";
    }

    @Override
    public String about() {
        return """
                64 enrolled devices, each with a certificate and a kept-alive connection of its own (TLS 1.3, both sides verified, HTTP/1.1, loopback),
                ask for their desired state with the tag of the one that they have, one request after the other, from another process.
                Every answer is checked to be a 304. Processor time is that of the whole control plane process (`/proc/PID/stat`), in
                windows of 5 s after 25 s of warming up. Peer: hawkBit 0.3.0M7 answered 400 polls per CPU-second (published measurement;
                another machine, so only the order of magnitude compares).
                """;
    }

    @Override
    public int usualRuns() {
        return 9;
    }

    @Override
    public List<Figure> measure(Workplace place, int runs) {
        List<Double> perCpuSecond = new ArrayList<>();
        place.inFolder(folder -> {
            try (BenchLab lab = BenchLab.start(place, 1)) {
                place.say("enrolling " + DEVICES + " devices");
                List<PollLoop> loops = IntStream.range(0, DEVICES)
                        .mapToObj(i -> enrolled(lab, folder, "load-" + i, Duration.ZERO))
                        .toList();
                try {
                    loops.forEach(PollLoop::start);
                    place.say("warming up");
                    Pause.of(WARM_UP);
                    for (int run = 1; run <= runs; run++) {
                        place.say("window " + run + " of " + runs);
                        perCpuSecond.add(window(lab.cloud().pid(), loops));
                    }
                } finally {
                    loops.forEach(PollLoop::end);
                }
            }
        });
        return List.of(Figure.of("unchanged polls", Unit.PER_CPU_SECOND, Samples.of(perCpuSecond))
                .within(Limit.atLeast(10_000))
                .beside("hawkBit 0.3.0M7: 400"));
    }

    private static double window(long pid, List<PollLoop> loops) {
        double cpu = CpuTime.seconds(pid);
        long polls = count(loops);
        Pause.of(WINDOW);
        return (count(loops) - polls) / (CpuTime.seconds(pid) - cpu);
    }

    private static long count(List<PollLoop> loops) {
        return loops.stream().mapToLong(PollLoop::answered).sum();
    }

    /** A device that polls, enrolled at the lab's control plane. */
    static PollLoop enrolled(BenchLab lab, Path folder, String name, Duration every) {
        try {
            Path data = Files.createDirectories(folder.resolve(name));
            TrustedTime time = TrustedTime.open(data, InstantSource.system(), System::nanoTime);
            ClaimToken token = ClaimToken.parse(lab.api().claimToken(lab.api().firstCustomer(), name));
            Capabilities none = new Capabilities(1, BenchLab.architecture(), List.of(), List.of(), List.of(), 0);
            DeviceIdentity identity =
                    new Enrolment(data, time).enrol(lab.lab().cloud().deviceUrl(), token, name, none);
            return new PollLoop(
                    new CloudTls(identity, time).context(), lab.lab().cloud().deviceUrl(), every);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
