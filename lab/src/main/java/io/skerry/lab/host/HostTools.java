package io.skerry.lab.host;

import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.spec.ProblemException;
import java.time.Duration;
import java.util.List;

/** Runs tools of the host to their end; the lab's short words for {@link HostCommands}. */
public final class HostTools {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HostCommands commands = new HostCommands();

    /**
     * Runs a tool and expects it to succeed; the answer is its output.
     *
     * @throws ProblemException {@code host.command-missing}, {@code host.command-timeout} or {@code host.command-failed}
     */
    public String run(String... command) {
        return runWithInput("", command);
    }

    /** As {@link #run}, with something to read: the way for secrets, which never stand in an argument list. */
    public String runWithInput(String input, String... command) {
        return attempt(input, LIMIT, List.of(command)).orFail().out();
    }

    /**
     * Runs a tool that may fail.
     *
     * @throws ProblemException {@code host.command-missing} or {@code host.command-timeout}
     */
    public CommandResult attempt(String... command) {
        return attempt("", LIMIT, List.of(command));
    }

    /** As {@link #attempt(String...)}, with its input and time limit. */
    public CommandResult attempt(String input, Duration limit, List<String> command) {
        return commands.run(HostCommand.of(command).within(limit).withInput(input));
    }
}
