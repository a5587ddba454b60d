package io.skerry.cli.instance;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Instance;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Output;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what an instance's container writes. */
@Command(
        name = "logs",
        description = {
            "Show what an instance's container writes.",
            "With --output json each line is an object of its own: {\"line\":\"…\"}."
        })
public final class LogsCommand implements Callable<Integer> {
    private static final int MOST_LINES = 100_000;
    private static final JsonType<Line> JSON = Documents.of(Line.class);

    private final CommandContext context;

    @Parameters(
            paramLabel = "INSTANCE",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private String wanted = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until interrupted.")
    private boolean follow;

    @Option(
            names = {"-n", "--tail"},
            paramLabel = "LINES",
            defaultValue = "100",
            description = "How many lines from before (default: 100).")
    private int tail = 100;

    /** What a script reads for each line. */
    @Json
    record Line(String line) {}

    public LogsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (tail < 0 || tail > MOST_LINES) {
            throw new Problem("usage.tail", "--tail " + tail + " is out of bounds.", "Ask for 0 to 100000 lines.")
                    .asException();
        }
        Session session = context.session();
        Instance instance = session.lookup().instance(wanted);
        Output output = context.output();
        try (InputStream log = session.fleet().log(instance.nodeServiceInstanceId(), follow, tail)) {
            if (output.json()) {
                lines(log, output.terminal().out());
            } else {
                bytes(log, output.terminal().out());
            }
        } catch (IOException e) {
            throw new Problem(
                            "cloud.unreachable",
                            "The log of " + instance.serviceName() + " on " + instance.nodeName() + " broke off.",
                            "The device or the cloud may have gone away; try again.")
                    .asException(e);
        }
        return ExitCode.DONE.number();
    }

    /** As they are: colours and unfinished lines too. Ends early when nobody reads any more. */
    private static void bytes(InputStream log, PrintStream out) throws IOException {
        byte[] buffer = new byte[8192];
        for (int n = log.read(buffer); n >= 0 && !out.checkError(); n = log.read(buffer)) {
            out.write(buffer, 0, n);
            out.flush();
        }
    }

    private static void lines(InputStream log, PrintStream out) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(log, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null && !out.checkError(); line = reader.readLine()) {
            out.println(JSON.toJson(new Line(line)));
        }
    }
}
