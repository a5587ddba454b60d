package io.skerry.cli.service;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Service;
import io.skerry.cli.api.Variable;
import io.skerry.cli.api.Version;
import io.skerry.cli.api.VersionImage;
import io.skerry.cli.api.Volume;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Facts;
import io.skerry.cli.output.Sizes;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows a service with its versions. */
@Command(name = "show", description = "Show a service: how its newest version runs, and its versions.")
public final class ServiceShow implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    public ServiceShow(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.output()
                .show(Documents.of(Service.class), context.session().lookup().service(wanted), ServiceShow::lines);
        return ExitCode.DONE.number();
    }

    static List<String> lines(Service service, View view) {
        Facts facts = new Facts()
                .fact("Service", service.name())
                .fact("Id", service.nodeServiceId())
                .fact("Newest version", Integer.toString(service.containerVersion()))
                .fact("Image", service.containerImage());
        service.versions().stream()
                .filter(v -> v.containerVersion() == service.containerVersion())
                .findFirst()
                .ifPresent(newest -> settings(facts, newest));
        List<String> lines = new ArrayList<>(facts.lines(view));
        lines.add("");
        lines.addAll(versions(service.versions(), view));
        return lines;
    }

    private static void settings(Facts facts, Version version) {
        facts.fact("Memory", version.memoryLimitMb() + " MB")
                .fact(
                        "Processor",
                        version.cpuLimitMillis() == 0 ? "no limit" : version.cpuLimitMillis() + " thousandths")
                .fact("Processes", Integer.toString(version.pidsLimit()))
                .fact("Restart", version.restart())
                .fact("Stop after", version.stopSeconds() + " s")
                .fact("Probation", version.probationSeconds() + " s")
                .fact("Health", version.health().map(SettingsWords::health).orElse("the image's own, if it has one"));
        SettingsWords.place(version).ifPresent(words -> facts.fact("Group", words));
        version.recovery().ifPresent(recovery -> facts.fact("Recovery", SettingsWords.recovery(recovery)));
        version.update().ifPresent(update -> facts.fact("Update", SettingsWords.update(update)));
        for (Volume volume : version.volumes()) {
            facts.fact("Volume", SettingsWords.volume(volume));
        }
        for (Variable variable : version.environment()) {
            facts.fact("Variable", variable.name() + "=" + variable.value());
        }
    }

    private static List<String> versions(List<Version> versions, View view) {
        Table table = new Table(
                Column.fixed("VERSION"),
                Column.flexible("IMAGE"),
                Column.flexible("ARCHITECTURES"),
                Column.fixed("DOWNLOAD"),
                Column.fixed("AGE"));
        versions.forEach(v -> table.row(
                Cell.of(v.containerVersion()
                        + v.retiredAt().map(_ -> ", retired").orElse("")),
                Cell.of(v.containerImage()),
                Cell.of(v.images().stream().map(VersionImage::arch).collect(Collectors.joining(" "))),
                Cell.of(v.images().stream()
                        .map(i -> Sizes.of(i.compressedBytes()))
                        .distinct()
                        .collect(Collectors.joining(" "))),
                Cell.dim(view.ago(v.createdAt()))));
        return table.lines(view);
    }
}
