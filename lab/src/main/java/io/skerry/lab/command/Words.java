package io.skerry.lab.command;

import io.skerry.lab.Lab;
import io.skerry.lab.LabReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code up} tells at its end. */
final class Words {
    private final String skerry;
    private final Path here;
    private final Path folder;

    /**
     * @param skerry how the caller wrote the launcher's name, so that what is printed can be typed
     * @param here where the caller is, so that paths can be typed too
     * @param folder the lab's
     */
    Words(String skerry, Path here, Path folder) {
        this.skerry = skerry;
        this.here = here;
        this.folder = folder;
    }

    String report(LabReport report) {
        StringBuilder text = new StringBuilder("\nSkerry runs on this machine.\n\n");
        line(text, "Fleet API", report.graphqlUrl());
        line(text, "API key", "in " + folder.resolve("api-key"));
        line(text, "Authority", report.caFile());
        line(text, "For devices", report.deviceUrl());
        for (LabReport.Node node : report.nodes()) {
            line(text, "Device", node.name() + ", network namespace " + node.namespace());
        }
        for (LabReport.Service service : report.services()) {
            String instances = service.instances().stream()
                    .map(i -> i.state() + " on " + i.nodeName() + " (version " + i.runningVersion() + ")")
                    .collect(Collectors.joining(", "));
            line(text, "Service", service.name() + ": " + instances);
        }
        line(text, "Data, logs", folder + ", " + folder.resolve("log"));
        if (!report.missing().isEmpty()) {
            text.append("\n").append(report.missing()).append("\n");
        }
        text.append("\nTry next:\n");
        List<Hint> hints = hints(report);
        int width = hints.stream().mapToInt(h -> h.command().length()).max().orElse(1);
        for (Hint hint : hints) {
            text.append(("  %s %-" + width + "s  %s%n").formatted(skerry, hint.command(), hint.shows()));
        }
        return text.toString();
    }

    private record Hint(String command, String shows) {}

    private List<Hint> hints(LabReport report) {
        List<Hint> hints = new ArrayList<>(ofTheFleet(report));
        report.nodes().stream()
                .findFirst()
                .ifPresent(n -> hints.add(new Hint(
                        "device status --data " + typed(Path.of(n.dataDir())),
                        "what " + n.name() + " says of itself, without its control plane")));
        return hints;
    }

    private Path typed(Path path) {
        return path.startsWith(here) ? here.relativize(path) : path;
    }

    private static List<Hint> ofTheFleet(LabReport report) {
        List<LabReport.Instance> instances =
                report.services().stream().flatMap(s -> s.instances().stream()).toList();
        if (instances.isEmpty()) {
            return List.of(
                    new Hint("status", "the fleet in a few lines"),
                    new Hint("node ls", "the devices"),
                    new Hint("service ls", "the services"),
                    new Hint("node claim", "a token with which a device can enrol"),
                    new Hint("down", "ends all of this; the data stays"));
        }
        return List.of(
                new Hint("node ls", "the devices"),
                new Hint("instance ls", "which service runs where, and how it is"),
                new Hint(
                        "logs " + Lab.SERVICE + "@" + instances.getFirst().nodeName() + " --tail 5",
                        "what the service on " + instances.getFirst().nodeName() + " says"),
                new Hint("lab sample 2", "imports a new version of the sample, and the devices take it"),
                new Hint("rollout watch " + Lab.SERVICE, "how far the newest version is in the fleet"));
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append("  %-12s %s%n".formatted(what, value));
    }
}
