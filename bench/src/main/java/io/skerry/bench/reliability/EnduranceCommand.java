package io.skerry.bench.reliability;

import io.skerry.bench.figure.Samples;
import io.skerry.lab.Installation;
import io.skerry.lab.reliability.HardDay;
import io.skerry.lab.reliability.HardDays;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code skerry bench endurance}. Exit codes: 0 nothing was wrong after any update, 1 something was, 2 wrong usage. */
@Command(
        name = "endurance",
        description = "Has a device on this host updated to good and bad versions, again and again, while its daemon is"
                + " killed or its power or network goes.",
        mixinStandardHelpOptions = true,
        footer = "An update takes about ten seconds. The same seed draws the same again.")
public final class EnduranceCommand implements Callable<Integer> {
    private final PrintStream out;
    private final ReliabilityPage page;

    @Option(names = "--updates", paramLabel = "N", defaultValue = "300", description = "How many (${DEFAULT-VALUE}).")
    private int updates;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "What versions, moments and blows are drawn from (${DEFAULT-VALUE}).")
    private long seed;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--write", description = "Writes the figures into docs/reliability.md.")
    private boolean write;

    public EnduranceCommand(PrintStream out, ReliabilityPage page) {
        this.out = out;
        this.page = page;
    }

    @Override
    public Integer call() {
        if (updates < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--updates is a number of 1 or more, not " + updates + ".");
        }
        out.printf("%d updates of seed %d%n", updates, seed);
        List<HardDay> days = new ArrayList<>();
        Random random = new Random(seed);
        try (HardDays device = new HardDays(Installation.ofCheckout(), "days")) {
            for (int i = 0; i < updates; i++) {
                HardDay day = device.live(random.nextLong());
                out.println("  " + day);
                days.add(day);
            }
        }
        out.println("\n" + table(days));
        if (write) {
            page.write("updates", table(days), "endurance --updates " + updates + " --seed " + seed);
        }
        return days.stream().allMatch(HardDay::good) ? 0 : 1;
    }

    private static String table(List<HardDay> days) {
        Samples seconds = Samples.of(days.stream().map(HardDay::seconds).toList());
        return String.format(
                Locale.ROOT,
                """
                | | |
                | --- | ---: |
                | updates | %d |
                | with something wrong | %d |
                | from the end of the blow to a device as it should be, s | median %.1f, least %.1f, most %.1f |
                """,
                days.size(),
                days.stream().filter(d -> !d.good()).count(),
                seconds.median(),
                seconds.least(),
                seconds.most());
    }
}
