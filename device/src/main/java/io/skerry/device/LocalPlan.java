package io.skerry.device;

import io.skerry.device.container.UpdateLocks;
import io.skerry.device.identity.TrustedTime;
import io.skerry.device.revision.PlanPreview;
import io.skerry.device.revision.ServiceNames;
import io.skerry.device.revision.Step;
import io.skerry.device.revision.ToldPlan;
import io.skerry.device.revision.WorkloadRules;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.DeviceStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the daemon would do, for whoever stands at the device. */
final class LocalPlan {
    private static final int MOST_BYTES = 8 << 20;

    private LocalPlan() {}

    /**
     * The plan as text.
     *
     * @param desired a file with the workload, or with the desired state, that is to be imagined as wanted
     * @throws ProblemException {@code plan.…}, or what is wrong with the file
     */
    static String read(Path data, Optional<String> desired, OutputForm form) {
        PlanPreview preview = PlanPreview.of(data, desired.map(LocalPlan::workload), circumstances(data));
        return switch (form) {
            case JSON -> ToldPlan.JSON.toJson(ToldPlan.of(preview)) + "\n";
            case HUMAN -> human(preview);
        };
    }

    private static PlanPreview.Circumstances circumstances(Path data) {
        return new PlanPreview.Circumstances(
                TrustedTime.open(data, InstantSource.system(), System::nanoTime).known(),
                new UpdateLocks(data)::held,
                LocalStatus.told(data).map(DeviceStatus::revision));
    }

    static String human(PlanPreview preview) {
        StringBuilder text = new StringBuilder();
        text.append("Revision ").append(preview.committed()).append(" is committed.\n");
        preview.trying().ifPresent(number -> {
            text.append("Revision ").append(number).append(" is being tried:\n");
            preview.journal().forEach(line -> text.append("  ").append(line).append('\n'));
        });
        preview.heldBack()
                .forEach(held -> text.append(held.name())
                        .append(" stays as it is: ")
                        .append(ServiceNames.word(held.wanted()))
                        .append(" failed here (")
                        .append(new ServiceNames(
                                        Map.of(held.name(), held.wanted().name()))
                                .in(held.reason().problem().sentence()))
                        .append("), and isn't tried again until it differs or 'skerry instance retry' asks.\n"));
        if (preview.failed()) {
            text.append(
                    "What is wanted failed here as a whole, through no one container, and isn't tried again until it"
                            + " differs or 'skerry instance retry' asks.\n");
        }
        preview.lacking()
                .forEach(held -> text.append(held.name())
                        .append(" stays as it is for now: ")
                        .append(ServiceNames.word(held.wanted()))
                        .append(" couldn't be had (")
                        .append(preview.names().in(held.reason().problem().message()))
                        .append("), and is tried again by itself.\n"));
        preview.obstacle()
                .ifPresent(p -> text.append("It can't begin for now: ")
                        .append(preview.names().in(p.sentence()))
                        .append('\n'));
        boolean allWait = !preview.afterwards().steps().isEmpty();
        if (!allWait) {
            preview.windows()
                    .forEach(w -> text.append(w.name())
                            .append(" stays as it is for now: it has to ")
                            .append(preview.names().in(PlanPreview.words(w)))
                            .append(".\n"));
        }
        if (preview.plan().steps().isEmpty() && !allWait) {
            return text.append(
                            preview.windows().isEmpty()
                                    ? "There is nothing to do.\n"
                                    : "There is nothing else to do.\n")
                    .toString();
        }
        text.append("From what the daemon last saw, at rest, it would\n");
        int number = 0;
        for (Step step : preview.plan().steps()) {
            text.append(line(++number, step, preview));
        }
        if (allWait) {
            preview.windows()
                    .forEach(w -> text.append("      ")
                            .append(preview.names().in(PlanPreview.words(w)))
                            .append('\n'));
        }
        for (Step step : preview.afterwards().steps()) {
            text.append(line(++number, step, preview));
        }
        return text.toString();
    }

    private static String line(int number, Step step, PlanPreview preview) {
        return String.format(
                Locale.ROOT,
                "%4d  %s  (%s%s)%n",
                number,
                preview.names().in(step.words()),
                step.why().word(),
                locked(step, preview.locked()));
    }

    private static String locked(Step step, Map<String, Long> locked) {
        return step instanceof Step.AwaitLock(String container, int _, Step.Why _) && locked.containsKey(container)
                ? "; it is held now, " + locked.get(container) + " s are over"
                : "";
    }

    private static Workload workload(String file) {
        byte[] json = bytes(Path.of(file));
        Workload workload;
        try {
            workload = Wire.read(Documents.DESIRED_STATE, json, "The desired state in " + file)
                    .workload();
        } catch (ProblemException asState) {
            try {
                workload = Wire.read(Documents.WORKLOAD, json, "The workload in " + file);
            } catch (ProblemException e) {
                e.addSuppressed(asState);
                throw e;
            }
        }
        WorkloadRules.check(workload);
        return workload;
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MOST_BYTES);
        } catch (NoSuchFileException e) {
            throw new Problem("plan.unreadable", "There is no file " + file + ".", "Name one with --desired.")
                    .asException(e);
        } catch (IOException e) {
            throw new Problem("plan.unreadable", file + " can't be read: " + e.getMessage() + ".").asException(e);
        }
    }
}
