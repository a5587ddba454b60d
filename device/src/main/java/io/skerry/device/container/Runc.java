package io.skerry.device.container;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** runc's and conmon's command lines. */
final class Runc {
    /**
     * Runs conmon with its report on file descriptor 3 (a Java program can't pass descriptors on by itself) and waits for that
     * report: conmon itself goes into the background before it writes it. A constant; what varies comes as arguments, which no
     * shell reads.
     */
    private static final String WITH_REPORT =
            "\"$@\" 3>&1 >/dev/null | { IFS= read -r report; printf '%s\\n' \"$report\"; }";

    private static final Pattern REPORTED_PID = Pattern.compile("\"(?:data|pid)\": *(-?\\d+)");
    private static final Pattern REPORTED_MESSAGE = Pattern.compile("msg=\\\\\"(.*?)\\\\\"(?:\\\\n|\"|$)");
    private static final Pattern STATE_PID = Pattern.compile("\"pid\": *(\\d+)");
    private static final Pattern STATE_STATUS = Pattern.compile("\"status\": *\"(\\w+)\"");

    private final HostCommands commands;
    private final ContainerSettings settings;

    Runc(HostCommands commands, ContainerSettings settings) {
        this.commands = commands;
        this.settings = settings;
    }

    /**
     * What runc knows of a container.
     *
     * @param status {@code created}, {@code running}, {@code stopped}, …; empty when runc doesn't know it
     */
    record State(String status, long pid) {
        static final State UNKNOWN = new State("", 0);
    }

    /**
     * Makes a container from its bundle, with a conmon as its parent; its program doesn't run yet.
     *
     * @return the process id of its PID 1
     * @throws ProblemException {@code container.start-failed} with what runc said, {@code disk.…}
     */
    long create(ContainerFolder folder) {
        List<String> arguments = new ArrayList<>(List.of("sh", "-c", WITH_REPORT, "sh", settings.conmon()));
        arguments.addAll(List.of("--api-version", "1", "-c", folder.id(), "-u", folder.id(), "-n", folder.name()));
        arguments.addAll(
                List.of("-r", absolute(settings.runc()), "-b", folder.bundle().toString()));
        arguments.addAll(List.of(
                "--runtime-arg", "--root", "--runtime-arg", settings.runcRoot().toString()));
        arguments.addAll(
                List.of("-p", folder.pid().toString(), "-P", folder.conmonPid().toString()));
        arguments.addAll(List.of("--exit-dir", settings.exits().toString(), "--full-attach", "--no-sync-log"));
        arguments.addAll(List.of(
                "-l", "k8s-file:" + folder.log(), "--log-size-max", "" + LogRotation.fileBytes(settings.logBytes())));
        CommandResult result = commands.run(HostCommand.of(arguments).withEnvironment(Map.of("_OCI_SYNCPIPE", "3")));
        String report = result.out().strip();
        Matcher pid = REPORTED_PID.matcher(report);
        if (!pid.find() || pid.group(1).startsWith("-")) {
            Matcher message = REPORTED_MESSAGE.matcher(report);
            throw failed(folder.name(), message.find() ? message.group(1) : report + result.complaint());
        }
        return Long.parseLong(pid.group(1));
    }

    /** @throws ProblemException as {@link #create} */
    void start(ContainerFolder folder) {
        CommandResult result = commands.run(runc("start", folder.id()));
        if (!result.succeeded()) {
            throw failed(folder.name(), result.complaint());
        }
    }

    State state(String id) {
        CommandResult result = commands.run(runc("state", id));
        Matcher status = STATE_STATUS.matcher(result.out());
        Matcher pid = STATE_PID.matcher(result.out());
        return result.succeeded() && status.find() && pid.find()
                ? new State(status.group(1), Long.parseLong(pid.group(1)))
                : State.UNKNOWN;
    }

    /** Sends a signal to a container's PID 1; whether it was there to take it. */
    boolean signal(String id, String signal) {
        return commands.run(runc("kill", id, signal)).succeeded();
    }

    /** Kills what is left of a container and removes its control group and runc's record; nothing to do is no error. */
    void delete(String id) {
        commands.run(runc("delete", "--force", id)).orFail();
    }

    /**
     * Runs a command in a container as the container's program runs: user, environment, working directory. When it takes too
     * long it is killed with its process group.
     *
     * @param pidFile for this command alone, outside of what the container sees; there until the command is over
     * @param options more of {@code runc exec}
     * @throws ProblemException {@code host.command-timeout}
     */
    CommandResult execute(
            ContainerFolder folder, Path pidFile, List<String> options, List<String> command, Duration limit) {
        List<String> arguments = new ArrayList<>(List.of("exec", "--pid-file", pidFile.toString()));
        arguments.addAll(options);
        arguments.add(folder.id());
        arguments.addAll(command);
        boolean over = false;
        try {
            CommandResult result = commands.run(
                    runc(arguments.toArray(String[]::new)).within(limit).keepingTheEnd());
            over = true;
            return result;
        } finally {
            if (!over) {
                killGroup(pidFile);
            }
            deleted(pidFile);
        }
    }

    /** runc makes each executed command the leader of a process group; ending runc itself leaves it running. */
    private void killGroup(Path pidFile) {
        boolean interrupted = Thread.interrupted();
        try {
            long leader = Long.parseLong(Files.readString(pidFile).strip());
            if (leader > 1) {
                commands.run(HostCommand.of("kill", "-KILL", "--", "-" + leader));
            }
        } catch (IOException | NumberFormatException _) {
            // It had not begun.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void deleted(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // The next check overwrites it.
        }
    }

    private HostCommand runc(String... arguments) {
        List<String> all = new ArrayList<>(
                List.of(settings.runc(), "--root", settings.runcRoot().toString()));
        all.addAll(List.of(arguments));
        return HostCommand.of(all);
    }

    /** conmon executes the runtime by its path only. */
    private static String absolute(String program) {
        if (program.startsWith("/")) {
            return program;
        }
        for (String folder : HostCommands.SEARCH_PATH) {
            Path candidate = Path.of(folder, program);
            if (Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        return "/usr/sbin/" + program;
    }

    /** Not the container's fault, and worth another try, when it is the disk's. */
    static ProblemException failed(String name, String said) {
        String sentence = "'" + name + "' can't be started: " + Text.shortened(said, 400) + ".";
        return DurableFiles.told(sentence, said)
                .orElseGet(() -> new Problem(
                        "container.start-failed",
                        sentence,
                        "Look at the image's command and the limits that it was given."))
                .asException();
    }
}
