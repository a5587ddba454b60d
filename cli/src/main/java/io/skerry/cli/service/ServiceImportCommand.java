package io.skerry.cli.service;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.ImportInput;
import io.skerry.cli.api.ImportInput.Credentials;
import io.skerry.cli.api.ServiceImport;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Output;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports images into a service and shows how far that is. */
@Command(
        name = "import",
        sortOptions = false,
        description = {
            "Import images into a service: its first version, or its next one, which inherits what is left out.",
            "The cloud pulls them from their registry, checks and keeps them; devices get them from the cloud."
        })
public final class ServiceImportCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NAME", description = "The service's name.")
    private String name = "";

    @Option(
            names = "--image",
            paramLabel = "ARCH=REF",
            description = "An image for an architecture (amd64, armhf, arm64); may be repeated.")
    private List<String> images = new ArrayList<>();

    @Option(names = "--user", paramLabel = "USER", description = "Who logs in at the registry.")
    private Optional<String> user = Optional.empty();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Its password; - is the standard input. Without it it is asked for.")
    private Optional<String> passwordFile = Optional.empty();

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String nodeServiceId, String name, Optional<Integer> containerVersion, String importId) {}

    public ServiceImportCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<ImportInput.Source> sources =
                images.stream().map(Arguments::source).toList();
        ImportInput.Settings wanted = settings.settings(context.secrets());
        Optional<Credentials> credentials = credentials();
        Session session = context.session();
        ImportInput input = new ImportInput(
                session.customer().customerId(), UUID.randomUUID().toString(), name, sources, credentials, wanted);
        Output output = context.output();
        String id = new WatchedImport(
                        session.fleet(), output, context.surroundings().pause())
                .run(input);
        Optional<Integer> version =
                session.fleet().serviceImport(input.importId()).flatMap(ServiceImport::containerVersion);
        output.show(
                Documents.of(Result.class),
                new Result(id, name, version, input.importId()),
                (result, view) -> List.of(result.name() + " is now version "
                        + result.containerVersion().map(String::valueOf).orElse("?") + " (service "
                        + result.nodeServiceId() + ")."));
        return ExitCode.DONE.number();
    }

    private Optional<Credentials> credentials() {
        if (user.isEmpty()) {
            if (passwordFile.isPresent()) {
                throw new Problem(
                                "usage.user",
                                "There is a password, but nobody whose password it is.",
                                "Add --user USER.")
                        .asException();
            }
            return Optional.empty();
        }
        String password = passwordFile
                .map(file -> context.secrets().fromFile("password", file))
                .orElseGet(() -> context.secrets()
                        .asked(
                                "Password of " + user.get() + " at the registry:",
                                "Give it by --password-file FILE (- for the standard input)."));
        return user.map(u -> new Credentials(u, password));
    }
}
