package io.skerry.cli;

import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Format;
import io.skerry.cli.output.Output;
import io.skerry.cli.session.CommandContext;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what went wrong in one sentence, and what to do. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private final CommandContext context;

    Failures(CommandContext context) {
        this.context = context;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        if (context.options().debug()) {
            failure.printStackTrace(context.surroundings().terminal().err());
        }
        Problem problem = failure instanceof ProblemException known ? known.problem() : unexpected(failure);
        context.output().problem(problem);
        return ExitCode.of(problem).number();
    }

    private static Problem unexpected(Exception failure) {
        return new Problem(
                "program.unexpected",
                "Something in this program itself went wrong: " + Text.shortened(failure.toString(), 200) + ".",
                "Please report it, with what --debug shows.");
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine line = failure.getCommandLine();
        Problem problem = new Problem("usage.arguments", message(failure, line), remedy(failure, line));
        output(arguments).problem(problem);
        return ExitCode.USAGE.number();
    }

    private static String message(ParameterException failure, CommandLine line) {
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !unmatched.getUnmatched().isEmpty()) {
            String word = "'" + Text.shortened(unmatched.getUnmatched().getFirst(), 80) + "'";
            String name = line.getCommandSpec().qualifiedName();
            return line.getSubcommands().isEmpty()
                    ? word + " is one word too many for " + name + "."
                    : name + " has no command " + word + ".";
        }
        // Of some mistakes picocli says that they are one.
        String message = Text.shortened(String.valueOf(failure.getMessage()).replaceFirst("^Error: ", ""), 400);
        return message.endsWith(".") ? message : message + ".";
    }

    private static String remedy(ParameterException failure, CommandLine line) {
        String help = "See " + line.getCommandSpec().qualifiedName() + " --help.";
        if (failure instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions().stream()
                    .map(s -> s.strip())
                    .limit(3)
                    .toList();
            return near.isEmpty() ? help : "Did you mean " + String.join(" or ", near) + "? " + help;
        }
        return help;
    }

    /** The options may not have been read when the command line is wrong, but the format should hold all the same. */
    private Output output(String[] arguments) {
        List<String> words = Arrays.stream(arguments)
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
        boolean json = words.contains("--output=json")
                || words.contains("-o=json")
                || words.contains("-ojson")
                || follows(words, "--output")
                || follows(words, "-o");
        return json
                ? new Output(
                        context.surroundings().terminal(),
                        Format.JSON,
                        false,
                        context.surroundings().clock())
                : context.output();
    }

    private static boolean follows(List<String> words, String option) {
        int at = words.indexOf(option);
        return at >= 0 && at + 1 < words.size() && words.get(at + 1).equals("json");
    }
}
