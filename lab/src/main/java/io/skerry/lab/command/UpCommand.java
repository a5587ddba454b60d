package io.skerry.lab.command;

import io.skerry.lab.Installation;
import io.skerry.lab.Lab;
import io.skerry.lab.LabReport;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description =
                "Starts a control plane and virtual devices with a sample service, and waits until it is healthy.",
        mixinStandardHelpOptions = true)
final class UpCommand extends LabCommand implements Runnable {
    enum Output {
        HUMAN,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--devices",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many virtual devices at least; those that are there stay (default: ${DEFAULT-VALUE}).")
    private int devices;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "human",
            description = "human, or json: one object on stdout (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Output output;

    UpCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public void run() {
        if (!Lab.missing().isEmpty()) {
            surroundings().err().println(Lab.missing());
        }
        try (Lab lab = Lab.open(Installation.ofCheckout(), surroundings().folder(), "skerry", devices)) {
            LabReport report = lab.up(surroundings().progress());
            surroundings()
                    .out()
                    .println(
                            output == Output.JSON
                                    ? report.json()
                                    : new Words(
                                                    surroundings().skerry(),
                                                    Path.of("").toAbsolutePath(),
                                                    surroundings().folder())
                                            .report(report));
        }
    }
}
