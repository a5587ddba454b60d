package io.skerry.cloud.observation;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads a status beside what was told before: what is new in it. Pure.
 *
 * <ul>
 *   <li>An update has begun when the device is at something and has another version committed than it is asked for; it is told once for a
 *       version, also when the device tries it again by itself.
 *   <li>It is committed when a settled device has a higher revision with another version.
 *   <li>It has failed when the device keeps the version back, or what it was asked for as a whole; told once for a version and a reason.
 *   <li>A volume was put back when the device tells what was given up by that; told once for each time that it was, also where another
 *       revision followed at once. What a device tells when nothing of the kind was told of it before counts as told.
 *   <li>What there is no allowance for isn't told now, and stays to be told: a device that goes to and fro tells the newest at last.
 * </ul>
 */
final class StatusReading {
    private final StatusTold before;
    private final DeviceStatus status;
    private final Asked asked;
    private final long now;

    private final List<Observed> observed = new ArrayList<>();
    private final Map<String, Long> committed;
    private final Map<String, Long> begun;
    private final Map<String, String> failed;
    private final Set<String> problems;
    private final Set<String> restored;
    private int left;
    private boolean complete = true;

    /**
     * What follows.
     *
     * @param told what is told now
     * @param observed in order
     * @param complete whether all there was to tell is told
     */
    record Result(StatusTold told, List<Observed> observed, boolean complete) {}

    private StatusReading(StatusTold before, DeviceStatus status, Asked asked, long now) {
        this.before = before;
        this.status = status;
        this.asked = asked;
        this.now = now;
        committed = new HashMap<>(before.committed());
        begun = new HashMap<>(before.begun());
        failed = new HashMap<>(before.failed());
        problems = new TreeSet<>(before.problems());
        restored = new LinkedHashSet<>(before.restored().orElse(List.of()));
        left = (int) Math.min(StatusTold.MOST_LEFT, before.left() + refilled(before, now));
    }

    private static long refilled(StatusTold before, long now) {
        return Math.max(0, now - before.leftAt()) / StatusTold.REFILL_MILLIS;
    }

    static Result of(StatusTold before, DeviceStatus status, Asked asked, long now) {
        return new StatusReading(before, status, asked, now).read();
    }

    private Result read() {
        int revision = before.revision();
        if (StatusTold.isSettled(status) && status.revision().current() != before.revision() && commits()) {
            revision = status.revision().current();
        }
        begun.entrySet().removeIf(e -> !isAsked(e.getKey(), e.getValue()));
        begins();
        fails();
        restores();
        problems();
        // What is left begins to grow again from when something was taken of it.
        boolean untouched = left == before.left() + refilled(before, now);
        return new Result(
                new StatusTold(
                        revision,
                        committed,
                        begun,
                        failed,
                        List.copyOf(problems),
                        untouched ? before.left() : left,
                        untouched ? before.leftAt() : now,
                        Optional.of(List.copyOf(restored))),
                List.copyOf(observed),
                complete);
    }

    private boolean tell(Observed one) {
        if (left == 0) {
            complete = false;
            return false;
        }
        left--;
        observed.add(one);
        return true;
    }

    /** @return whether all of it is told */
    private boolean commits() {
        boolean all = true;
        Map<String, Long> versions = StatusTold.versions(status);
        for (ContainerStatus container : status.containers()) {
            String id = container.name();
            long version = container.service().version();
            Optional<Long> from = from(id);
            if (from.filter(v -> v == version).isEmpty()) {
                if (tell(new Observed.Committed(id, container.service(), from))) {
                    committed.put(id, version);
                    begun.remove(id, version);
                } else {
                    all = false;
                }
            }
        }
        committed.keySet().retainAll(versions.keySet());
        return all;
    }

    private void begins() {
        // A device that hasn't taken what it was told last is at something else.
        boolean atIt = status.revision().trying().isPresent()
                && !StatusTold.goesBack(status)
                && status.accepted().equals(asked.position());
        if (!atIt) {
            return;
        }
        Set<String> waits = status.revision().waits().stream()
                .flatMap(w -> w.containers().stream())
                .map(w -> w.name())
                .collect(Collectors.toSet());
        for (var entry : sorted(asked.versions())) {
            String id = entry.getKey();
            ServiceVersion wanted = entry.getValue();
            boolean coming = from(id).filter(v -> v == wanted.version()).isEmpty()
                    && !waits.contains(id)
                    && heldBack(id)
                            .filter(h -> h.wanted().version() == wanted.version())
                            .isEmpty();
            if (coming
                    && !Long.valueOf(wanted.version()).equals(begun.get(id))
                    && tell(new Observed.Begun(id, wanted, from(id)))) {
                begun.put(id, wanted.version());
                // It is tried anew, so that it may fail anew.
                failed.remove(id);
            }
        }
    }

    private void fails() {
        Map<String, Observed.Failed> current = new HashMap<>();
        for (HeldBack held : status.revision().heldBack()) {
            current.put(
                    held.name(),
                    new Observed.Failed(held.name(), held.wanted(), from(held.name()), held.result(), held.reason()));
        }
        failureOfAll().ifPresent(outcome -> {
            for (var entry : asked.versions().entrySet()) {
                String id = entry.getKey();
                if (from(id).filter(v -> v == entry.getValue().version()).isEmpty()) {
                    current.putIfAbsent(
                            id,
                            new Observed.Failed(
                                    id,
                                    entry.getValue(),
                                    from(id),
                                    outcome.result(),
                                    outcome.reason().orElseThrow()));
                }
            }
        });
        // While the device is at something, what failed before may not be shown.
        if (StatusTold.isSettled(status)) {
            failed.keySet().retainAll(current.keySet());
        }
        for (var entry : sorted(current)) {
            Observed.Failed one = entry.getValue();
            String failure =
                    failure(one.version().version(), one.result(), one.reason().problem());
            if (!failure.equals(failed.get(entry.getKey())) && tell(one)) {
                failed.put(entry.getKey(), failure);
                begun.remove(entry.getKey(), one.version().version());
            }
        }
    }

    /** How the device's attempt at the whole of what it is asked for ended, if that failed for no one container's sake. */
    private Optional<Outcome> failureOfAll() {
        return status.revision()
                .outcome()
                .filter(o -> StatusTold.isSettled(status) && status.revision().phase() == RevisionStatus.Phase.IDLE)
                .filter(o -> o.workload().equals(asked.workload()))
                .filter(o -> switch (o.result()) {
                    case ROLLED_BACK, REFUSED -> true;
                    case COMMITTED, SUPERSEDED -> false;
                })
                .filter(o -> o.reason()
                        .map(Reason::container)
                        .filter(c -> heldBack(c).isEmpty())
                        .isPresent());
    }

    private void restores() {
        Map<String, GivenUp.Interval> told = new LinkedHashMap<>();
        status.revision().allGivenUp().reversed().forEach(i -> told.put(restoration(i), i));
        for (var entry : told.entrySet()) {
            GivenUp.Interval one = entry.getValue();
            if (before.restored().isEmpty()
                    || (!restored.contains(entry.getKey())
                            && tell(new Observed.Restored(one, service(one.container()))))) {
                restored.add(entry.getKey());
            }
        }
        restored.stream()
                .filter(r -> !told.containsKey(r))
                .limit(Math.max(0, restored.size() - StatusTold.MOST_RESTORED))
                .toList()
                .forEach(restored::remove);
    }

    private Optional<ServiceVersion> service(String instanceId) {
        return status.containers().stream()
                .filter(c -> c.name().equals(instanceId))
                .map(ContainerStatus::service)
                .findFirst()
                .or(() -> Optional.ofNullable(asked.versions().get(instanceId)));
    }

    private void problems() {
        Set<String> seen = new HashSet<>();
        for (Problem problem : status.problems()) {
            if (seen.add(problem.code())
                    && !problems.contains(problem.code())
                    && tell(new Observed.ProblemBegan(problem))) {
                problems.add(problem.code());
            }
        }
        for (String code : List.copyOf(problems)) {
            if (!seen.contains(code) && tell(new Observed.ProblemEnded(code))) {
                problems.remove(code);
            }
        }
    }

    private Optional<Long> from(String instanceId) {
        return Optional.ofNullable(committed.get(instanceId));
    }

    private boolean isAsked(String instanceId, long version) {
        return Optional.ofNullable(asked.versions().get(instanceId))
                .filter(v -> v.version() == version)
                .isPresent();
    }

    private Optional<HeldBack> heldBack(String instanceId) {
        return status.revision().heldBack().stream()
                .filter(h -> h.name().equals(instanceId))
                .findFirst();
    }

    private static <V> List<Map.Entry<String, V>> sorted(Map<String, V> map) {
        return map.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    }

    /** The putting back of a volume in one word, by which the same one is known again. */
    static String restoration(GivenUp.Interval one) {
        return one.container() + " " + one.volume() + " " + one.takenAt() + " " + one.restoredAt();
    }

    /** A failure in one word, by which the same one is known again. */
    static String failure(long version, Outcome.Result result, Problem problem) {
        return version + " " + result.word() + " " + problem.code();
    }
}
