package io.skerry.lab.command;

import io.skerry.lab.SourceRegistry;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "registry",
        description = "Starts and stops the registry that the sample image is imported from.",
        mixinStandardHelpOptions = true)
final class RegistryCommand extends LabCommand implements Runnable {
    enum Deed {
        START,
        STOP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "DEED", description = "One of ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init")
    private Deed deed;

    RegistryCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public void run() {
        withLab(lab -> {
            switch (deed) {
                case START -> {
                    lab.registry().start();
                    surroundings()
                            .out()
                            .println("Registry on " + lab.registry().host() + ", user " + SourceRegistry.USER
                                    + ", password in " + lab.registry().passwordFile());
                }
                case STOP -> {
                    lab.registry().stop();
                    surroundings().out().println("Registry is off");
                }
            }
        });
    }
}
