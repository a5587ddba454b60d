package io.skerry.bench.reliability;

import io.skerry.lab.Installation;
import io.skerry.lab.reliability.CutOutcome;
import io.skerry.lab.reliability.PowerCuts;
import io.skerry.spec.ProblemException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code skerry bench reliability}. Exit codes: 0 nothing was wrong after any cut, 1 something was, 2 wrong usage. */
@Command(
        name = "reliability",
        description =
                "Cuts a virtual machine's power in the middle of updates, on a disk that loses what wasn't flushed.",
        mixinStandardHelpOptions = true,
        footer =
                "A cut takes about a minute. An interrupted run goes on with the same seed and the same build of the device.")
public final class ReliabilityCommand implements Callable<Integer> {
    private static final int MOST_DEVICES = 64;

    private final PrintStream out;
    private final ReliabilityPage page;

    @Option(names = "--cuts", paramLabel = "N", defaultValue = "200", description = "How many (${DEFAULT-VALUE}).")
    private int cuts;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "What moments and losses are drawn from (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--devices",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many devices share the cuts, at the same time (${DEFAULT-VALUE}).")
    private int devices;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--write", description = "Writes the figures into docs/reliability.md.")
    private boolean write;

    private volatile boolean ending;

    public ReliabilityCommand(PrintStream out, ReliabilityPage page) {
        this.out = out;
        this.page = page;
    }

    @Override
    public Integer call() {
        if (cuts < 1) {
            throw new ParameterException(spec.commandLine(), "--cuts is a number of 1 or more, not " + cuts + ".");
        }
        if (devices < 1 || devices > MOST_DEVICES) {
            throw new ParameterException(
                    spec.commandLine(), "--devices is a number from 1 to " + MOST_DEVICES + ", not " + devices + ".");
        }
        Installation installation = Installation.ofCheckout();
        CutJournal journal =
                new CutJournal(installation.state().resolve("reliability"), installation.build("device"), seed);
        List<Long> wanted = journal.wanted(cuts);
        out.printf(
                "%d cuts of seed %d, %d of them made before (%s)%n", cuts, seed, cuts - wanted.size(), journal.file());
        var left = new ConcurrentLinkedQueue<>(wanted);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ending = true, "ending"));
        Lock making = new ReentrantLock();
        List<Future<?>> sites = new ArrayList<>();
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int device = 1; device <= devices; device++) {
                String name = "cuts" + device;
                sites.add(each.submit(() -> cutAll(left, installation, making, name, journal)));
            }
        }
        rethrow(sites.stream()
                .filter(site -> site.state() == Future.State.FAILED)
                .map(Future::exceptionNow)
                .toList());
        if (ending) {
            return 1;
        }
        CutTally tally = new CutTally(journal.made(cuts));
        out.println("\n" + tally.table());
        tally.bad().forEach(b -> out.println("WRONG: " + b));
        if (write) {
            page.write("cuts", tally.table(), "reliability --cuts " + cuts + " --seed " + seed);
        }
        return tally.bad().isEmpty() ? 0 : 1;
    }

    private void cutAll(Queue<Long> numbers, Installation installation, Lock making, String name, CutJournal journal) {
        try (Site site = new Site(installation, making, name, out)) {
            for (Long number = numbers.poll(); number != null; number = numbers.poll()) {
                CutOutcome outcome = site.cut(number);
                if (ending) {
                    // Its machine is taken down with this process: that is no outcome of a cut.
                    return;
                }
                journal.add(outcome);
                out.println("  " + outcome);
            }
        } catch (RuntimeException | Error e) {
            // The others needn't go on for hours before it is told.
            numbers.clear();
            throw e;
        }
    }

    private static void rethrow(List<Throwable> failures) {
        if (failures.isEmpty()) {
            return;
        }
        Throwable first = failures.getFirst();
        failures.stream().skip(1).forEach(first::addSuppressed);
        switch (first) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a device's cuts ended early", first);
        }
    }

    /** Where the cuts are made: one device for all, and another one after something went wrong. */
    private static final class Site implements AutoCloseable {
        /** A lab takes the lowest network that nobody has yet, so that two mustn't look at the same time. */
        private final Lock making;

        private final Installation installation;
        private final String name;
        private final PrintStream out;
        private @Nullable PowerCuts cuts;

        Site(Installation installation, Lock making, String name, PrintStream out) {
            this.making = making;
            this.installation = installation;
            this.name = name;
            this.out = out;
        }

        CutOutcome cut(long number) {
            PowerCuts now = cuts;
            if (now == null) {
                making.lock();
                try {
                    now = new PowerCuts(installation, name, line -> out.println("  " + line));
                } finally {
                    making.unlock();
                }
                cuts = now;
            }
            CutOutcome outcome;
            try {
                outcome = now.cut(number);
            } catch (ProblemException e) {
                outcome = CutOutcome.failed(number, e.problem().sentence());
            }
            if (!outcome.good()) {
                close();
            }
            return outcome;
        }

        @Override
        public void close() {
            Optional.ofNullable(cuts).ifPresent(PowerCuts::close);
            cuts = null;
        }
    }
}
