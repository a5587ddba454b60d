package io.skerry.device;

import io.skerry.spec.Problem;
import io.skerry.spec.Wire;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.VolumeReports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the daemon last said of itself, for whoever stands at the device. */
final class LocalStatus {
    private LocalStatus() {}

    /**
     * The status as text.
     *
     * @param output {@code human} or {@code json}
     */
    static String read(Path data, Optional<String> output) {
        Path file = data.resolve("status.json");
        try {
            byte[] json = Files.readAllBytes(file);
            return switch (output.orElse("human")) {
                case "json" -> new String(json, StandardCharsets.UTF_8) + "\n";
                case "human" -> human(Wire.read(DeviceStatus.JSON, json, "The status in " + file));
                default ->
                    throw new Problem(
                                    "usage",
                                    "'" + output.orElse("") + "' can't be the value of --output.",
                                    "Use human or json.")
                            .asException();
            };
        } catch (NoSuchFileException e) {
            throw new Problem(
                            "status.none",
                            "There is no status in " + data + " yet.",
                            "Check that this is the data folder of a daemon that has run.")
                    .asException(e);
        } catch (IOException e) {
            throw new Problem("status.unreadable", file + " can't be read: " + e.getMessage() + ".").asException(e);
        }
    }

    static String human(DeviceStatus status) {
        StringBuilder text = new StringBuilder();
        text.append("At ")
                .append(Instant.ofEpochMilli(status.at()))
                .append(", daemon ")
                .append(status.daemonVersion());
        text.append("\nRevision  ").append(status.revision().current());
        status.revision().trying().ifPresent(n -> text.append(", trying ").append(n));
        text.append(", ").append(status.revision().phase().word());
        status.revision().step().ifPresent(step -> text.append(": ").append(step));
        text.append("\nAccepted  ").append(status.accepted()).append('\n');
        status.revision().outcome().ifPresent(o -> outcome(text, o));
        earlier(status.revision()).forEach(i -> text.append(givenUp(i)));
        status.revision()
                .heldBack()
                .forEach(held -> text.append("Held back ")
                        .append(held.name())
                        .append(' ')
                        .append(held.wanted().name())
                        .append(':')
                        .append(held.wanted().version())
                        .append(": ")
                        .append(held.reason().problem().sentence())
                        .append('\n'));
        for (ContainerStatus container : status.containers()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-38s %s:%d  %s, %s, %d restarts%n",
                    container.name(),
                    container.service().name(),
                    container.service().version(),
                    container.state().word(),
                    container.health().word(),
                    container.restarts()));
        }
        status.problems()
                .forEach(p -> text.append("Problem   ").append(p.sentence()).append('\n'));
        return text.toString();
    }

    private static void outcome(StringBuilder text, Outcome outcome) {
        text.append("Last      revision ")
                .append(outcome.revision())
                .append(' ')
                .append(outcome.result().word());
        outcome.reason().map(Reason::problem).ifPresent(p -> text.append(": ").append(p.sentence()));
        text.append('\n');
        outcome.volumes().map(VolumeReports::volumes).orElse(List.of()).forEach(v -> text.append(volume(v)));
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
