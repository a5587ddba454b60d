package io.skerry.cli;

import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Explains a command, or the exit codes. */
@Command(
        name = "help",
        description = "Explain a command, like 'skerry help service import', or: skerry help exit-codes.")
final class HelpCommand implements Callable<Integer> {
    private static final String EXIT_CODES = "exit-codes";

    private final CommandContext context;

    @Parameters(paramLabel = "WORD", arity = "0..*", description = "The command, or exit-codes.")
    private List<String> words = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    HelpCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        PrintStream out = context.surroundings().terminal().out();
        if (words.equals(List.of(EXIT_CODES))) {
            for (ExitCode code : ExitCode.values()) {
                out.println(String.format("%5d  %s", code.number(), code.meaning()));
            }
            return ExitCode.DONE.number();
        }
        if (spec == null) {
            throw new IllegalStateException("the command line sets it");
        }
        CommandLine line = spec.parent().commandLine();
        for (String word : words) {
            CommandLine inner = line.getSubcommands().get(word);
            if (inner == null) {
                throw new UnmatchedArgumentException(line, List.of(word));
            }
            line = inner;
        }
        line.usage(out, context.output().live() ? Ansi.AUTO : Ansi.OFF);
        return ExitCode.DONE.number();
    }
}
