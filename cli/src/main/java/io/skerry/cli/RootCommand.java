package io.skerry.cli;

import io.skerry.cli.session.GlobalOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program's own name, before any word. */
@Command(
        name = "skerry",
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = "Keeps the containers of a fleet of far-edge devices in the state that you asked for.",
        commandListHeading = "%nThe fleet:%n",
        footer = {
            "",
            "On this machine:",
            "  up          Start a control plane and virtual devices here, with a sample service.",
            "  down        Stop them; --purge takes their data away too.",
            "  test        Build everything and run the tests.",
            "  lab         The virtual devices one by one.",
            "  cloud       Run a control plane.",
            "  device      Run the device daemon.",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no cloud or not logged in, 4 not allowed, 124 time over;",
            "see skerry help exit-codes. Names: services and nodes by name or id, instances by id or SERVICE@NODE."
        })
final class RootCommand implements Callable<Integer> {
    @Mixin
    private final GlobalOptions globals;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show this program's version.")
    private boolean version;

    RootCommand(GlobalOptions globals) {
        this.globals = globals;
    }

    GlobalOptions globals() {
        return globals;
    }

    boolean version() {
        return version;
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("the command line sets it");
        }
        throw new ParameterException(spec.commandLine(), "Say what to do.");
    }
}
