package io.skerry.bench;

import io.skerry.bench.figure.Document;
import io.skerry.bench.figure.Result;
import io.skerry.bench.host.Machine;
import io.skerry.bench.reliability.EnduranceCommand;
import io.skerry.bench.reliability.ReliabilityCommand;
import io.skerry.bench.reliability.ReliabilityPage;
import io.skerry.lab.Installation;
import io.skerry.lab.host.HostTools;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code skerry bench}: runs benchmarks, shows their figures and writes them down. Exit codes: 0 all were measured (whatever
 * came out), 1 one could not be measured, 2 wrong usage.
 */
@Command(
        name = "bench",
        description = "Measures what Skerry costs, each figure beside its limit and its peer.",
        mixinStandardHelpOptions = true,
        footer =
                "Without a NAME all are run, which takes about half an hour. They want root, and a machine without other work.")
public final class BenchProgram implements Runnable {
    private static final List<Benchmark> ALL = List.of(
            new DeviceMemory(),
            new DeviceStart(),
            new BootToContainers(),
            new ContainerStart(),
            new SwitchTime(),
            new UnchangedState(),
            new Polls(),
            new FleetSize(),
            new CloudMemory(),
            new Up());

    private final PrintStream out;
    private final PrintStream err;
    private final Path checkout;
    private final Clock clock;
    private boolean failed;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "NAME", completionCandidates = Names.class, description = "${COMPLETION-CANDIDATES}")
    private List<String> names = List.of();

    @Option(names = "--write", description = "Writes the figures into docs/benchmarks.md.")
    private boolean write;

    @Option(names = "--runs", paramLabel = "N", description = "How often each is run (by default as each needs).")
    private int runs;

    /** What can be measured. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ALL.stream().map(Benchmark::name).iterator();
        }
    }

    private BenchProgram(PrintStream out, PrintStream err, Path checkout, Clock clock) {
        this.out = out;
        this.err = err;
        this.checkout = checkout;
        this.clock = clock;
    }

    /** Reads the arguments and exits. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Path checkout = Path.of(
                        Optional.ofNullable(System.getenv("SKERRY_CHECKOUT")).orElse(""))
                .toAbsolutePath()
                .normalize();
        // Each container's end is told at this level.
        Logger logs = Logger.getLogger("io.skerry");
        logs.setLevel(Level.WARNING);
        BenchProgram program = new BenchProgram(out, err, checkout, Clock.systemUTC());
        int code;
        ReliabilityPage page = new ReliabilityPage(checkout, program.clock);
        try {
            code = new CommandLine(program)
                    .addSubcommand(new ReliabilityCommand(out, page))
                    .addSubcommand(new EnduranceCommand(out, page))
                    .setExecutionExceptionHandler((e, line, parsed) -> {
                        if (e instanceof ProblemException problem) {
                            err.println("skerry: " + problem.problem().sentence());
                            return 1;
                        }
                        throw e;
                    })
                    .execute(arguments);
        } finally {
            // Loggers are kept by those who use them only.
            Reference.reachabilityFence(logs);
        }
        System.exit(code == 0 && program.failed ? 1 : code);
    }

    @Override
    public void run() {
        if (runs < 0) {
            throw new ParameterException(spec.commandLine(), "--runs is a number of 1 or more, not " + runs + ".");
        }
        List<Benchmark> chosen = chosen();
        Workplace place = new Workplace(checkout, Installation.ofCheckout(), new HostTools(), err);
        List<Result> results = new ArrayList<>();
        for (Benchmark benchmark : chosen) {
            measure(benchmark, place).ifPresent(r -> {
                results.add(r);
                out.println("\n" + r.plain());
            });
        }
        if (write && !results.isEmpty()) {
            write(results);
        }
    }

    private List<Benchmark> chosen() {
        List<String> known = ALL.stream().map(Benchmark::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "There is no benchmark '" + name + "'. Choose from " + String.join(", ", known) + ".");
            }
        }
        return ALL.stream()
                .filter(b -> names.isEmpty() || names.contains(b.name()))
                .toList();
    }

    /** Its result; empty when it could not be measured, which is told and hinders no other. */
    private Optional<Result> measure(Benchmark benchmark, Workplace place) {
        int times = runs == 0 ? benchmark.usualRuns() : runs;
        err.println(benchmark.name() + ": " + benchmark.title());
        String circumstances = circumstances(benchmark, place);
        try {
            return Optional.of(new Result(
                    benchmark.name(),
                    benchmark.title(),
                    benchmark.about(),
                    circumstances,
                    benchmark.measure(place, times)));
        } catch (ProblemException e) {
            failed = true;
            err.println("skerry: " + benchmark.name() + " can't be measured: "
                    + e.problem().sentence());
            return Optional.empty();
        }
    }

    private String circumstances(Benchmark benchmark, Workplace place) {
        String command = "./skerry bench " + benchmark.name() + (runs == 0 ? "" : " --runs " + runs);
        var commit = place.tools().attempt("git", "-C", checkout.toString(), "describe", "--always", "--dirty");
        String source = commit.succeeded() ? ", commit " + commit.out().strip() : "";
        return "`" + command + "`" + source + ", " + LocalDate.now(clock) + ": "
                + Machine.here().words() + ".";
    }

    private void write(List<Result> results) {
        Path file = checkout.resolve("docs/benchmarks.md");
        try {
            Document document = new Document(Files.exists(file) ? Files.readString(file) : "");
            results.forEach(document::put);
            Files.createDirectories(checkout.resolve("docs"));
            Files.writeString(
                    file, document.text(ALL.stream().map(Benchmark::name).toList()));
        } catch (IOException e) {
            throw new Problem("bench.write", file + " can't be written: " + e.getMessage() + ".").asException(e);
        }
        out.println("Written to " + file + ": "
                + results.stream().map(Result::name).collect(Collectors.joining(", ")) + ".");
    }
}
