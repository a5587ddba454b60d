package io.skerry.bench;

import io.skerry.bench.figure.Figure;
import io.skerry.bench.figure.Limit;
import io.skerry.bench.figure.Samples;
import io.skerry.bench.figure.Unit;
import io.skerry.lab.Lab;
import io.skerry.lab.host.Daemon;
import io.skerry.spec.Problem;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long a newcomer waits for {@code ./skerry up}. */
final class Up implements Benchmark {
    private static final Duration LIMIT = Duration.ofMinutes(20);

    @Override
    public String name() {
        return "up";
    }

    @Override
    public String title() {
        return "`./skerry up`";
    }

    @Override
    public String about() {
        return """
                A fresh `git clone` of what is committed, in a folder of its own, then `./skerry up` (which builds everything, makes the device's
                runtime and trains its start cache, starts the control plane and two devices, imports the sample and waits until it is
                healthy on both), then `./skerry up` once more. The Debian packages are installed and Maven's cache is warm. Wall time,
                so it moves with what else the machine does.
                """;
    }

    @Override
    public int usualRuns() {
        return 3;
    }

    @Override
    public List<Figure> measure(Workplace place, int runs) {
        requireNoOther(place);
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            place.say("clean checkout " + run + " of " + runs);
            place.inFolder(folder -> once(place, folder, first, second));
        }
        return List.of(
                Figure.of("from a clean checkout", Unit.SECONDS, Samples.of(first))
                        .within(Limit.atMost(180)),
                Figure.of("the second time", Unit.SECONDS, Samples.of(second)).within(Limit.atMost(10)));
    }

    /** Every {@code up} makes networks of the same names. */
    private static void requireNoOther(Workplace place) {
        if (!Lab.missing().isEmpty()) {
            throw new Problem("bench.no-devices", "It needs virtual devices. " + Lab.missing()).asException();
        }
        boolean another = place.tools().run("ip", "netns", "list").lines().anyMatch(l -> l.startsWith("skerry-"))
                || Files.exists(Path.of("/sys/class/net/skerry0"));
        if (another) {
            throw new Problem(
                            "bench.lab-runs",
                            "Another './skerry up' runs on this machine.",
                            "End it with './skerry down', then measure again.")
                    .asException();
        }
    }

    private static void once(Workplace place, Path folder, List<Double> first, List<Double> second) {
        Path clone = folder.resolve("skerry");
        place.tools()
                .attempt(
                        "",
                        Duration.ofMinutes(2),
                        List.of("git", "clone", "-q", place.checkout().toString(), clone.toString()))
                .orFail();
        Path log = folder.resolve("up.log");
        Thread cleaner = new Thread(() -> seconds(clone, log, "down", "--purge"));
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            first.add(seconds(clone, log, "up"));
            second.add(seconds(clone, log, "up"));
        } finally {
            Runtime.getRuntime().removeShutdownHook(cleaner);
            seconds(clone, log, "down", "--purge");
        }
    }

    /** Runs the clone's launcher to its end, as a user would. */
    private static double seconds(Path clone, Path log, String... words) {
        List<String> command = new ArrayList<>(List.of("./skerry"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(clone.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("SKERRY_"));
        long began = System.nanoTime();
        try {
            Process process = builder.start();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
                throw new Problem(
                                "bench.waited",
                                "'./skerry " + String.join(" ", words) + "' took more than " + LIMIT.toMinutes()
                                        + " minutes.")
                        .asException();
            }
            if (process.exitValue() != 0) {
                throw new Problem(
                                "bench.up-failed",
                                "'./skerry " + String.join(" ", words) + "' failed in a fresh checkout: "
                                        + Daemon.lastWords(log))
                        .asException();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "Waiting for './skerry up' was interrupted.").asException(e);
        }
        return (System.nanoTime() - began) / 1e9;
    }
}
