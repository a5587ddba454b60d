package io.skerry.device.revision;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.RevisionStatus.Phase;
import io.skerry.spec.status.WindowWaits.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a device would do, told from what its daemon last saw of it ({@code situation.json}), from what is noted of what it
 * does now, and by the rules by which the daemon waits. Reads only, so that it can be asked while the daemon runs.
 *
 * @param committed the number of the committed revision
 * @param trying the number of the revision that is being tried, if one is
 * @param journal what was noted of that so far
 * @param heldBack what of the wanted failed here and isn't tried again until it differs or an operator says so
 * @param failed whether the wanted as a whole is such
 * @param lacking what of the wanted the disk or the machine doesn't take for now; it is tried again by itself
 * @param obstacle why nothing of the wanted can be fetched for now
 * @param plan the steps that would be taken at once, of all that isn't held back
 * @param windows the windows that keep the rest waiting
 * @param afterwards the steps for which these windows must be open; none where others needn't wait for them
 * @param locked which containers of the plan hold their update locks, and how many seconds were waited for each
 * @param names which services the containers of the plan are
 */
public record PlanPreview(
        int committed,
        Optional<Integer> trying,
        List<String> journal,
        List<HeldBack> heldBack,
        boolean failed,
        List<HeldBack> lacking,
        Optional<Problem> obstacle,
        Plan plan,
        List<Wait> windows,
        Plan afterwards,
        Map<String, Long> locked,
        ServiceNames names) {
    private static final String FILE = "situation.json";

    public PlanPreview {
        journal = List.copyOf(journal);
        heldBack = List.copyOf(heldBack);
        lacking = List.copyOf(lacking);
        windows = List.copyOf(windows);
        locked = Map.copyOf(locked);
    }

    /**
     * What else decides what is waited for.
     *
     * @param time what time it is, if that is known
     * @param holdsUpdateLock whether a container puts updates off
     * @param told where the daemon last said that it stands
     */
    public record Circumstances(
            Optional<Instant> time, Predicate<String> holdsUpdateLock, Optional<RevisionStatus> told) {
        /** What is wanted in the very version for which there wasn't room, or the disk or the machine failed. */
        private List<HeldBack> lacking(Workload wanted, List<HeldBack> failed) {
            return told.map(RevisionStatus::heldBack).orElse(List.of()).stream()
                    .filter(h -> failed.stream().noneMatch(f -> f.name().equals(h.name())))
                    .filter(h -> Optional.ofNullable(wanted.containers().get(h.name()))
                            .filter(c -> c.service().equals(h.wanted()))
                            .isPresent())
                    .toList();
        }

        /** Why what is being prepared can't be, when nothing of it fits. */
        private Optional<Problem> obstacle() {
            return told.filter(t -> t.phase() == Phase.FETCHING)
                    .flatMap(t -> t.outcome()
                            .filter(o -> o.result() == Result.REFUSED)
                            .filter(o ->
                                    t.trying().filter(n -> n == o.revision()).isPresent()))
                    .flatMap(Outcome::reason)
                    .map(Reason::problem);
        }
    }

    /**
     * The preview of a data folder.
     *
     * @param desired what is to be imagined as wanted; empty: what is wanted now
     * @throws ProblemException {@code plan.nothing-seen} when no daemon has looked at the device yet, {@code
     *     plan.situation-unreadable} when the disk has spoilt what it saw
     */
    public static PlanPreview of(Path data, Optional<Workload> desired, Circumstances circumstances) {
        RevisionStore store = RevisionStore.existing(data);
        Situation seen = seen(data);
        Workload committed = seen.committed();
        Workload wanted = desired.or(() -> Parts.existing(data).composed()).orElse(committed);
        Outcomes outcomes = new Outcomes(store);
        List<HeldBack> heldBack = outcomes.heldBack(wanted);
        List<HeldBack> lacking = circumstances.lacking(wanted, heldBack);
        Workload attainable = Shortages.without(
                lacking.stream().map(HeldBack::name).toList(), outcomes.attainable(wanted, committed), committed);
        boolean failed = outcomes.failedBefore(attainable);
        Workload aim = failed ? committed : attainable;
        Admission admission = Admission.of(aim, device(store, seen), store.schedule(), circumstances.time());
        Plan whole = Planner.update(seen, aim);
        Plan atOnce = Planner.update(seen, admission.aim());
        Plan plan = admission.switches() ? atOnce : new Plan(atOnce.preparing());
        Optional<Revision> trying = store.trying();
        return new PlanPreview(
                store.current().number(),
                trying.map(Revision::number),
                trying.map(r -> journal(store.journal(r), ServiceNames.between(committed, r.workload())))
                        .orElse(List.of()),
                heldBack,
                failed,
                lacking,
                desired.isPresent() ? Optional.empty() : circumstances.obstacle(),
                plan,
                admission.waits(),
                admission.switches() ? Plan.NOTHING : whole.without(plan),
                locked(whole, circumstances.holdsUpdateLock(), store.lockWaits()),
                ServiceNames.between(committed, aim));
    }

    /** As the engine sees it, which knows of images that are neither committed nor wanted too. */
    private static Admission.Device device(RevisionStore store, Situation seen) {
        Optional<Revision> unfinished = store.unfinished();
        return new Admission.Device(
                seen.committed(),
                unfinished
                        .filter(r -> store.attempts(r) > 0 || store.journal(r).switched())
                        .map(Revision::workload),
                unfinished.map(Revision::workload).orElse(Workload.EMPTY),
                c -> seen.prepared().contains(c.image().manifest())
                        || seen.fetched().contains(c.image()));
    }

    private static Map<String, Long> locked(Plan plan, Predicate<String> held, LockWaits waits) {
        return plan.steps().stream()
                .flatMap(s -> s instanceof Step.AwaitLock(String container, int _, Step.Why _)
                        ? Stream.of(container)
                        : Stream.empty())
                .filter(held)
                .collect(Collectors.toMap(n -> n, n -> waits.of(n).toSeconds()));
    }

    /** As a step's words. */
    public static String words(Wait wait) {
        return Admission.words(wait);
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
