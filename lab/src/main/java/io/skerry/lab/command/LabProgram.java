package io.skerry.lab.command;

import io.skerry.lab.Breakage;
import io.skerry.spec.ProblemException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The lab's command line. Exit codes: 0 done, 1 a problem, 2 wrong usage. */
@Command(
        name = "lab",
        description = "A control plane and virtual devices on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            DeviceCommand.class,
            CloudCommand.class,
            SampleCommand.class,
            RegistryCommand.class
        })
public final class LabProgram implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private LabProgram() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with the lab.");
    }

    /** Reads the arguments and exits. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Surroundings surroundings = Surroundings.of(System.getenv(), Path.of(""), out, err);
        CommandLine line = new CommandLine(new LabProgram(), new CommandLine.IFactory() {
            private final CommandLine.IFactory others = CommandLine.defaultFactory();

            @Override
            public <K> K create(Class<K> type) throws Exception {
                if (LabCommand.class.isAssignableFrom(type)) {
                    return type.cast(
                            type.getDeclaredConstructor(Surroundings.class).newInstance(surroundings));
                }
                return others.create(type);
            }
        });
        line.registerConverter(DeviceCommand.Deed.class, oneOf(DeviceCommand.Deed.values()));
        line.registerConverter(CloudCommand.Deed.class, oneOf(CloudCommand.Deed.values()));
        line.registerConverter(RegistryCommand.Deed.class, oneOf(RegistryCommand.Deed.values()));
        line.registerConverter(Breakage.class, new OneOf<>(List.of(Breakage.values()), Breakage::word));
        line.setParameterExceptionHandler((e, _) -> {
            err.println("skerry: " + said(e));
            err.println("See: " + surroundings.skerry() + " "
                    + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return 2;
        });
        line.setExecutionExceptionHandler((e, failed, parsed) -> {
            surroundings.progress().leave();
            if (e instanceof ProblemException problem) {
                err.println("skerry: " + problem.problem().sentence());
                return 1;
            }
            throw e;
        });
        System.exit(line.execute(arguments));
    }

    private static <E extends Enum<E>> OneOf<E> oneOf(E[] choices) {
        return new OneOf<>(List.of(choices), Enum::toString);
    }

    private static String said(ParameterException e) {
        return switch (e) {
            case UnmatchedArgumentException unmatched ->
                "The lab has no '" + unmatched.getUnmatched().getFirst() + "'.";
            case ParameterException other
            when other.getCause() instanceof TypeConversionException wrong -> String.valueOf(wrong.getMessage());
            default -> String.valueOf(e.getMessage());
        };
    }
}
