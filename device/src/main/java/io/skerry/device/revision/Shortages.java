package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Containers whose wanted form the disk has no room for now, or doesn't take, or the machine doesn't reboot for, so that they
 * keep no other from being updated.
 * They are tried again after growing pauses, not only when something else is wanted; a daemon that starts tries at once. For one
 * thread.
 */
final class Shortages {
    /** Of a machine that was asked to reboot and goes on, which keeps only those waiting that change with a reboot. */
    static final String REBOOT_FAILED = "device.reboot-failed";

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofMinutes(30);
    /** Between tries that interrupt what runs. */
    private static final Duration LONGEST_TOUCHING = Duration.ofDays(1);

    /** How often a disk that fails may have what runs interrupted for one form. */
    private static final int FAILURES = 5;

    private final Ticker ticker;
    private final Map<String, Lacking> byName = new TreeMap<>();

    private record Lacking(Container form, HeldBack told, long again, int times) {}

    Shortages(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Whether it is the disk or the machine that a try failed for, and no fault of what was tried, so that it is worth another one. A lack of
     * room goes away when somebody makes some; a disk that fails doesn't, and mustn't have what runs interrupted for ever.
     */
    boolean isWorthAnotherTry(Collection<String> names, Workload workload, Problem problem) {
        return switch (problem.code()) {
            case "disk.full" -> true;
            case REBOOT_FAILED -> names.stream().anyMatch(workload.containers()::containsKey);
            case "disk.failed" -> names.stream().noneMatch(n -> tries(n, workload) >= FAILURES);
            default -> false;
        };
    }

    private int tries(String name, Workload workload) {
        Lacking before = byName.get(name);
        return before != null && before.form().equals(workload.containers().get(name)) ? before.times() + 1 : 0;
    }

    /** There was no room for these containers' forms in this workload. */
    void note(Collection<String> names, Workload workload, Result result, Reason reason) {
        for (String name : names) {
            Container form = workload.containers().get(name);
            if (form != null) {
                int times = tries(name, workload);
                byName.put(
                        name,
                        new Lacking(
                                form,
                                new HeldBack(name, form.service(), result, reason),
                                ticker.nanos() + pause(times, result).toNanos(),
                                times));
            }
        }
    }

    private static Duration pause(int times, Result result) {
        Duration pause = FIRST.multipliedBy(1L << Math.min(times, 11));
        Duration longest = result == Result.REFUSED ? LONGEST : LONGEST_TOUCHING;
        return pause.compareTo(longest) > 0 ? longest : pause;
    }

    /** The wanted workload, with each of these containers as it is committed, or without it, until it is time to try again. */
    Workload attainable(Workload wanted, Workload committed) {
        byName.entrySet()
                .removeIf(e -> !e.getValue().form().equals(wanted.containers().get(e.getKey())));
        return without(
                byName.entrySet().stream()
                        .filter(e -> e.getValue().again() - ticker.nanos() > 0)
                        .map(Map.Entry::getKey)
                        .toList(),
                wanted,
                committed);
    }

    /** The wanted workload, with each of these containers as it is committed, or without it. Pure. */
    static Workload without(Collection<String> names, Workload wanted, Workload committed) {
        Map<String, Container> attainable = new TreeMap<>(wanted.containers());
        for (String name : names) {
            Container earlier = committed.containers().get(name);
            if (earlier == null) {
                attainable.remove(name);
            } else {
                attainable.put(name, earlier);
            }
        }
        return attainable.equals(wanted.containers()) ? wanted : wanted.with(attainable);
    }

    /** What is kept back now. */
    List<HeldBack> heldBack() {
        return byName.values().stream().map(Lacking::told).toList();
    }

    /** When the next one is tried again, in nanoseconds of the ticker. */
    long nextTry() {
        return byName.values().stream()
                .mapToLong(Lacking::again)
                .filter(t -> t - ticker.nanos() > 0)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** There is room for all of them, or they aren't wanted any more. */
    void settled(Workload committed) {
        byName.entrySet()
                .removeIf(e -> e.getValue().form().equals(committed.containers().get(e.getKey())));
    }
}
