package io.skerry.device.revision;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.HeldBack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What a device would do, told from what its daemon last saw of it ({@code situation.json}) and from what is noted of what it
 * does now. Reads only, so that it can be asked while the daemon runs.
 *
 * @param committed the number of the committed revision
 * @param trying the number of the revision that is being tried, if one is
 * @param journal what was noted of that so far
 * @param heldBack what of the wanted failed here and isn't tried again until it differs or an operator says so
 * @param failed whether the wanted as a whole is such
 * @param plan the steps from what was seen to what is wanted and not held back
 * @param names which services the containers of the plan are
 */
public record PlanPreview(
        int committed,
        Optional<Integer> trying,
        List<String> journal,
        List<HeldBack> heldBack,
        boolean failed,
        Plan plan,
        ServiceNames names) {
    private static final String FILE = "situation.json";

    public PlanPreview {
        journal = List.copyOf(journal);
        heldBack = List.copyOf(heldBack);
    }

    /**
     * The preview of a data folder.
     *
     * @param desired what is to be imagined as wanted; empty: what is wanted now
     * @throws ProblemException {@code plan.nothing-seen} when no daemon has looked at the device yet, {@code
     *     plan.situation-unreadable} when the disk has spoilt what it saw
     */
    public static PlanPreview of(Path data, Optional<Workload> desired) {
        RevisionStore store = RevisionStore.existing(data);
        Situation seen = seen(data);
        Workload wanted = desired.or(() -> Parts.existing(data).composed()).orElse(seen.committed());
        Outcomes outcomes = new Outcomes(store);
        Workload attainable = outcomes.attainable(wanted, seen.committed());
        boolean failed = outcomes.failedBefore(attainable);
        Workload aim = failed ? seen.committed() : attainable;
        Optional<Revision> trying = store.trying();
        return new PlanPreview(
                store.current().number(),
                trying.map(Revision::number),
                trying.map(r -> journal(store.journal(r), ServiceNames.between(seen.committed(), r.workload())))
                        .orElse(List.of()),
                outcomes.heldBack(wanted),
                failed,
                Planner.update(seen, aim),
                ServiceNames.between(seen.committed(), aim));
    }

    private static Situation seen(Path data) {
        Path file = data.resolve(FILE);
        return new ToldFile(
                        file,
                        new Problem(
                                "plan.nothing-seen",
                                "No daemon has looked at the device of " + data + " yet.",
                                "Start it with 'skerry device run', and ask again once it has come to rest."),
                        "plan.situation-unreadable",
                        "Start the daemon again, which writes it anew; the containers go on meanwhile.")
                .read(json ->
                        Wire.read(Situation.JSON, json, "What the daemon last saw of the device, in " + file + ","));
    }

    private static List<String> journal(Journal journal, ServiceNames names) {
        return journal.entries().stream()
                .map(e -> e.mark().word() + ": " + e.step()
                        + e.problem().map(p -> " (" + p.sentence() + ")").orElse(""))
                .map(names::in)
                .toList();
    }

    /** Keeps what is seen for previews. Not synced: it is worth nothing after a power failure, and seen anew. */
    static void keep(Path data, Situation seen) {
        Path file = data.resolve(FILE);
        Path aside = data.resolve("." + FILE + ".tmp");
        try {
            Files.write(aside, Situation.JSON.toJsonBytes(seen));
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw DurableFiles.failed("write", file, e);
        }
    }
}
