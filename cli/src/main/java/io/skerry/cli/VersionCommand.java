package io.skerry.cli;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says which version of the program this is. */
@Command(name = "version", description = "Show this program's version.")
final class VersionCommand implements Callable<Integer> {
    private final CommandContext context;

    /** What a script reads. */
    @Json
    record Version(String version) {}

    VersionCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.output()
                .show(
                        Documents.of(Version.class),
                        new Version(current()),
                        (version, view) -> List.of("skerry " + version.version()));
        return ExitCode.DONE.number();
    }

    static String current() {
        Properties properties = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}
