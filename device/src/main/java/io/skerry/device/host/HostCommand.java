package io.skerry.device.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One run of a host's tool. Immutable; the {@code with…} methods give changed copies.
 *
 * <p>The first argument is the program, by name (looked for in the fixed search path) or by absolute path. There is no shell
 * between: each argument reaches the program as it is. Secrets belong into the input or the environment, never into the
 * arguments, which every user of the machine can read.
 */
public final class HostCommand {
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);

    private final List<String> arguments;
    private final Path folder;
    private final Duration limit;
    private final String input;
    private final Map<String, String> environment;
    private final Set<String> secrets;
    private final boolean endKept;

    private HostCommand(
            List<String> arguments,
            Path folder,
            Duration limit,
            String input,
            Map<String, String> environment,
            Set<String> secrets,
            boolean endKept) {
        if (arguments.isEmpty() || arguments.getFirst().isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        this.arguments = List.copyOf(arguments);
        this.folder = folder;
        this.limit = limit;
        this.input = input;
        this.environment = Map.copyOf(environment);
        this.secrets = Set.copyOf(secrets);
        this.endKept = endKept;
    }

    /** A command in {@code /} with a limit of 30 seconds, no input and no environment but the search path and the locale. */
    public static HostCommand of(String... arguments) {
        return of(List.of(arguments));
    }

    /** As {@link #of(String...)}. */
    public static HostCommand of(List<String> arguments) {
        return new HostCommand(arguments, Path.of("/"), DEFAULT_LIMIT, "", Map.of(), Set.of(), false);
    }

    /** The folder in which it works. */
    public HostCommand in(Path workingFolder) {
        return new HostCommand(arguments, workingFolder, limit, input, environment, secrets, endKept);
    }

    /** How long it may take before it is killed. */
    public HostCommand within(Duration newLimit) {
        return new HostCommand(arguments, folder, newLimit, input, environment, secrets, endKept);
    }

    /** What it reads from its standard input, in UTF-8; at most 64 KiB, which a pipe takes without waiting. */
    public HostCommand withInput(String newInput) {
        return new HostCommand(arguments, folder, limit, newInput, environment, secrets, endKept);
    }

    /** Variables that it gets besides the search path and the locale. */
    public HostCommand withEnvironment(Map<String, String> variables) {
        return new HostCommand(arguments, folder, limit, input, variables, secrets, endKept);
    }

    /** Strings that are blotted out of everything that is captured of its output. */
    public HostCommand hiding(Set<String> newSecrets) {
        return new HostCommand(arguments, folder, limit, input, environment, newSecrets, endKept);
    }

    /** Of an output that is longer than what is kept of it, the end is kept instead of the beginning. */
    public HostCommand keepingTheEnd() {
        return new HostCommand(arguments, folder, limit, input, environment, secrets, true);
    }

    boolean endKept() {
        return endKept;
    }

    List<String> arguments() {
        return arguments;
    }

    Path folder() {
        return folder;
    }

    Duration limit() {
        return limit;
    }

    String input() {
        return input;
    }

    Map<String, String> environment() {
        return environment;
    }

    String redacted(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = secret.isEmpty() ? clean : clean.replace(secret, "***");
        }
        return clean;
    }

    /** The program's name without its folder. */
    String program() {
        String first = arguments.getFirst();
        return first.substring(first.lastIndexOf('/') + 1);
    }

    /** The program's name only: arguments may be long, input and environment may be secret. */
    @Override
    public String toString() {
        return program();
    }
}
