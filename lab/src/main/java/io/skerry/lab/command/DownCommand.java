package io.skerry.lab.command;

import io.skerry.lab.Installation;
import io.skerry.lab.Lab;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "down",
        description = "Ends the lab: no process, mount, control group, namespace or bridge of it stays. Its data does.",
        mixinStandardHelpOptions = true)
final class DownCommand extends LabCommand implements Runnable {
    @Option(names = "--purge", description = "Delete its data as well.")
    private boolean purge;

    DownCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public void run() {
        Optional<Lab> existing =
                Lab.existing(Installation.ofCheckout(), surroundings().folder());
        if (existing.isEmpty()) {
            surroundings().out().println("There is no lab here: nothing to do.");
            return;
        }
        try (Lab lab = existing.get()) {
            lab.down(purge, surroundings().progress());
        }
    }
}
