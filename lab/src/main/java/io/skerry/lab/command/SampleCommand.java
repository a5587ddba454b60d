package io.skerry.lab.command;

import io.skerry.lab.Breakage;
import io.skerry.lab.SampleImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "sample",
        description = "Makes a version of the sample image and imports it as the next version of the service 'hello'.",
        mixinStandardHelpOptions = true)
final class SampleCommand extends LabCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "VERSION", description = "The number that the image shows, 1 or more.")
    private int version;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--broken",
            paramLabel = "HOW",
            defaultValue = "none",
            description = "A version that doesn't work: exits, unhealthy, hungry or crash-loop.")
    @SuppressWarnings("NullAway.Init")
    private Breakage breakage;

    SampleCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public void run() {
        if (version < 1) {
            throw new ParameterException(
                    spec.commandLine(), "A version of the sample is a number of 1 or more, not " + version + ".");
        }
        withLab(lab -> lab.importSample(
                new SampleImage(version, breakage), surroundings().progress()));
        surroundings().out().println("Watch it: " + surroundings().skerry() + " rollout watch hello");
    }
}
