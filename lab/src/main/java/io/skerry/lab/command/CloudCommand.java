package io.skerry.lab.command;

import io.skerry.lab.LabCloud;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "cloud", description = "Stops and starts the lab's control plane.", mixinStandardHelpOptions = true)
final class CloudCommand extends LabCommand implements Runnable {
    enum Deed {
        STOP,
        KILL,
        START,
        RESTART;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "DEED", description = "One of ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init")
    private Deed deed;

    CloudCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public void run() {
        withLab(lab -> {
            LabCloud cloud = lab.cloud();
            switch (deed) {
                case STOP -> cloud.stop();
                case KILL -> cloud.kill();
                case START -> cloud.start();
                case RESTART -> {
                    cloud.stop();
                    cloud.start();
                }
            }
        });
        surroundings().out().println("Control plane: " + deed + " done");
    }
}
