package io.skerry.device;

import io.skerry.device.revision.ServiceNames;
import io.skerry.device.revision.ToldFile;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.VolumeReports;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the daemon last said of itself, for whoever stands at the device. */
final class LocalStatus {
    private LocalStatus() {}

    /**
     * The status as text.
     *
     * @throws ProblemException {@code status.none}, {@code status.unreadable}
     */
    static String read(Path data, OutputForm form) {
        return file(data).read(json -> {
            DeviceStatus status = parsed(data, json);
            return switch (form) {
                case JSON -> new String(json, StandardCharsets.UTF_8) + "\n";
                case HUMAN -> human(status);
            };
        });
    }

    /** What is told, if anything is that can be read. */
    static Optional<DeviceStatus> told(Path data) {
        try {
            return Optional.of(file(data).read(json -> parsed(data, json)));
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    private static ToldFile file(Path data) {
        return new ToldFile(
                data.resolve("status.json"),
                new Problem(
                        "status.none",
                        "There is no status in " + data + " yet.",
                        "Check that this is the data folder of a daemon that has run."),
                "status.unreadable",
                "A daemon that runs writes it anew every few minutes: ask again then, or start the daemon again.");
    }

    private static DeviceStatus parsed(Path data, byte[] json) {
        return Wire.read(DeviceStatus.JSON, json, "The status in " + data.resolve("status.json"));
    }

    static String human(DeviceStatus status) {
        StringBuilder text = new StringBuilder();
        ServiceNames names = names(status);
        text.append("At ")
                .append(Instant.ofEpochMilli(status.at()))
                .append(", daemon ")
                .append(status.daemonVersion());
        text.append("\nRevision  ").append(status.revision().current());
        status.revision().trying().ifPresent(n -> text.append(", trying ").append(n));
        text.append(", ").append(status.revision().phase().word());
        status.revision().step().ifPresent(step -> text.append(": ").append(names.in(step)));
        text.append("\nAccepted  ").append(status.accepted()).append('\n');
        status.revision().outcome().ifPresent(o -> outcome(text, o, names));
        earlier(status.revision()).forEach(i -> text.append(names.in(givenUp(i))));
        status.revision()
                .heldBack()
                .forEach(held -> text.append("Held back ")
                        .append(held.name())
                        .append(' ')
                        .append(ServiceNames.word(held.wanted()))
                        .append(": ")
                        .append(names.in(held.reason().problem().sentence()))
                        .append('\n'));
        for (ContainerStatus container : status.containers()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-38s %s  %s, %s, %d restarts%n",
                    container.name(),
                    ServiceNames.word(container.service()),
                    container.state().word(),
                    container.health().word(),
                    container.restarts()));
        }
        status.problems()
                .forEach(p ->
                        text.append("Problem   ").append(names.in(p.sentence())).append('\n'));
        return text.toString();
    }

    /** Without versions: which one a sentence is about, it doesn't say, and each container's line and what is held back do. */
    private static ServiceNames names(DeviceStatus status) {
        Map<String, String> words = new HashMap<>();
        status.revision().heldBack().forEach(h -> words.put(h.name(), h.wanted().name()));
        status.containers().forEach(c -> words.put(c.name(), c.service().name()));
        return new ServiceNames(words);
    }

    private static void outcome(StringBuilder text, Outcome outcome, ServiceNames names) {
        text.append("Last      revision ")
                .append(outcome.revision())
                .append(' ')
                .append(outcome.result().word());
        outcome.reason().map(Reason::problem).ifPresent(p -> text.append(": ").append(names.in(p.sentence())));
        text.append('\n');
        outcome.volumes().map(VolumeReports::volumes).orElse(List.of()).forEach(v -> text.append(names.in(volume(v))));
    }

    /** What was given up before the newest outcome, which tells its own. */
    private static List<GivenUp.Interval> earlier(RevisionStatus revision) {
        List<GivenUp.Interval> newest =
                revision.outcome().map(GivenUp.Interval::of).orElse(List.of());
        return revision.allGivenUp().stream()
                .filter(i -> newest.stream().noneMatch(i::isSame))
                .toList();
    }

    private static String givenUp(GivenUp.Interval interval) {
        return "Given up  what was written to " + interval.volume() + " of " + interval.container() + " from "
                + Instant.ofEpochMilli(interval.takenAt()) + " to " + Instant.ofEpochMilli(interval.restoredAt())
                + ", when it was put back with revision " + interval.revision() + "\n";
    }

    private static String volume(VolumeReports.Report report) {
        return "Volume    " + report.volume() + " of " + report.container() + " was kept by "
                + report.method().word() + " at " + Instant.ofEpochMilli(report.takenAt())
                + report.restoredAt()
                        .map(at -> " and put back at " + Instant.ofEpochMilli(at)
                                + "; what was written between is given up")
                        .orElse("")
                + "\n";
    }
}
