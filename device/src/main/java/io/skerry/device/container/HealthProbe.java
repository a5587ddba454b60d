package io.skerry.device.container;

import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.HealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a container once whether it works, from inside its own namespaces. */
final class HealthProbe {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/\\d(?:\\.\\d)? (\\d{3})(?: .*)?");

    private final HostCommands commands;
    private final Runc runc;

    HealthProbe(HostCommands commands, Runc runc) {
        this.commands = commands;
        this.runc = runc;
    }

    /** What is wrong; empty when it works. */
    Optional<String> failure(ContainerFolder folder, ProcessId init, HealthCheck check) {
        Duration limit = Duration.ofSeconds(Math.max(1, check.timing().timeoutSeconds()));
        try {
            return switch (check) {
                case HealthCheck.Exec exec -> execute(folder, exec, limit);
                case HealthCheck.Http http -> get(init, http, limit);
                case HealthCheck.Tcp tcp -> connect(init, tcp, limit);
            };
        } catch (ProblemException e) {
            return Optional.of(
                    e.code().equals("host.command-timeout")
                            ? "no answer within " + limit.toSeconds() + " s"
                            : e.problem().sentence());
        }
    }

    private Optional<String> execute(ContainerFolder folder, HealthCheck.Exec check, Duration limit) {
        CommandResult result =
                runc.execute(folder, folder.notes().resolve("check.pid"), List.of(), check.command(), limit);
        if (result.succeeded()) {
            return Optional.empty();
        }
        String said = (result.out() + result.err()).strip();
        return Optional.of("ended with " + result.exitCode() + (said.isEmpty() ? "" : ": " + said));
    }

    private Optional<String> connect(ProcessId init, HealthCheck.Tcp check, Duration limit) {
        CommandResult result = commands.run(
                HostCommand.of(netcat(init, check.port(), "-e", "true")).within(limit));
        return result.succeeded() ? Optional.empty() : Optional.of("port " + check.port() + ": " + result.complaint());
    }

    private Optional<String> get(ProcessId init, HealthCheck.Http check, Duration limit) {
        String path = check.path().startsWith("/") ? check.path() : "/" + check.path();
        if (path.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            return Optional.of("the path to ask for has a character that no request can have");
        }
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + check.port()
                + "\r\nUser-Agent: skerry-health\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        String line = commands.firstLine(
                HostCommand.of(netcat(init, check.port())).withInput(request).within(limit));
        Matcher status = STATUS_LINE.matcher(line.stripTrailing());
        if (!status.matches()) {
            return Optional.of("port " + check.port() + " gave no HTTP answer");
        }
        int code = Integer.parseInt(status.group(1));
        return code >= 200 && code <= 399 ? Optional.empty() : Optional.of(path + " answered " + code);
    }

    /** Only the network is the container's; the program is the host's, so the image needs none. */
    private static List<String> netcat(ProcessId init, int port, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("nsenter", "--net=/proc/" + init.pid() + "/ns/net", "busybox", "nc", "127.0.0.1", "" + port));
        arguments.addAll(List.of(more));
        return arguments;
    }
}
