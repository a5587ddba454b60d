package io.skerry.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A noun: it does nothing but hold its verbs. */
@Command
final class Group implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    /** The noun with its verbs. */
    static CommandLine of(String name, String description, Object... verbs) {
        CommandLine line = new CommandLine(new Group());
        line.getCommandSpec().name(name).usageMessage().description(description);
        for (Object verb : verbs) {
            line.addSubcommand(verb);
        }
        return line;
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("the command line sets it");
        }
        throw new ParameterException(
                spec.commandLine(),
                "Say what to do: " + String.join(", ", spec.subcommands().keySet()) + ".");
    }
}
