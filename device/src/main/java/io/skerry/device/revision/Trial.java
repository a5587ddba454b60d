package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The probation of one revision, judged from what is seen of its containers and from the time that has passed; it does
 * nothing itself.
 *
 * <p>It is passed when each watched container has run without a break for its probation's time and is healthy at the end of
 * it (or has ended with 0 and isn't to be started again). It is failed when one becomes unhealthy, halts itself, ends for
 * good otherwise, is started again more than its budget says, or isn't steady long after its time. All containers
 * are given the longest probation among them. Not safe for use by several threads.
 */
final class Trial implements Judge {
    /** Beyond all bounds of a workload; one that was kept before there were bounds must not overflow the clock. */
    private static final long LONGEST_SECONDS = Duration.ofDays(30).toSeconds();

    private final SortedMap<String, Watched> watched = new TreeMap<>();
    private final long probation;
    private final long deadline;

    /** What is remembered of one container. */
    private static final class Watched {
        private final Container container;
        private final int restartsBefore;
        private long steadySince;
        private int restarts;
        private boolean ran;

        private Watched(Container container, int restartsBefore, long now) {
            this.container = container;
            this.restartsBefore = restartsBefore;
            this.restarts = restartsBefore;
            this.steadySince = now;
            this.ran = true;
        }
    }

    /**
     * The trial of these containers of a workload, which run already.
     *
     * @param statuses how they are now: what they were started again before doesn't count
     * @param now nanoseconds of a {@link Ticker}
     */
    static Trial of(List<String> names, Workload workload, List<ContainerStatus> statuses, long now) {
        Map<String, Container> watched = new TreeMap<>(workload.containers());
        watched.keySet().retainAll(names);
        Map<String, Integer> restartsBefore = new HashMap<>();
        statuses.forEach(s -> restartsBefore.put(s.name(), s.restarts()));
        return new Trial(watched, restartsBefore, now);
    }

    private Trial(Map<String, Container> containers, Map<String, Integer> restartsBefore, long now) {
        containers.forEach((name, container) ->
                watched.put(name, new Watched(container, restartsBefore.getOrDefault(name, 0), now)));
        probation = seconds(containers.values().stream()
                .mapToInt(Container::probationSeconds)
                .max()
                .orElse(0));
        long slack = seconds(containers.values().stream()
                .mapToLong(Trial::secondsToHealth)
                .max()
                .orElse(0));
        deadline = now + probation * 2 + slack + seconds(30);
    }

    @Override
    public Verdict judge(List<ContainerStatus> statuses, long now) {
        Map<String, ContainerStatus> byName = new HashMap<>();
        statuses.forEach(s -> byName.put(s.name(), s));
        long lookAgainAt = deadline;
        boolean all = true;
        for (Map.Entry<String, Watched> entry : watched.entrySet()) {
            Watched one = entry.getValue();
            ContainerStatus seen = byName.get(entry.getKey());
            if (seen == null) {
                return new Verdict.Failed(entry.getKey(), Failures.gone(entry.getKey()));
            }
            Optional<Problem> failure = Failures.of(entry.getKey(), one.container, seen);
            if (failure.isPresent()) {
                return new Verdict.Failed(entry.getKey(), failure.get());
            }
            failure = Failures.restarts(entry.getKey(), one.container, seen, one.restartsBefore);
            if (failure.isPresent()) {
                return new Verdict.Failed(entry.getKey(), failure.get());
            }
            if (Failures.finished(one.container, seen)) {
                continue;
            }
            noteSteadiness(one, seen, now);
            boolean longEnough = one.ran && now - one.steadySince >= probation;
            if (!longEnough || seen.health() != Health.HEALTHY) {
                all = false;
                if (now - deadline >= 0) {
                    return new Verdict.Failed(entry.getKey(), notSteady(entry.getKey(), seen));
                }
            }
            if (!longEnough && one.ran) {
                lookAgainAt = Math.min(lookAgainAt, one.steadySince + probation);
            }
        }
        return all ? new Verdict.Passed() : new Verdict.Undecided(lookAgainAt);
    }

    private static void noteSteadiness(Watched one, ContainerStatus status, long now) {
        boolean runs = status.state() == State.RUNNING || status.state() == State.MOUNTED;
        if (status.restarts() != one.restarts || (runs && !one.ran)) {
            one.steadySince = now;
        }
        one.restarts = status.restarts();
        one.ran = runs;
    }

    private static Problem notSteady(String name, ContainerStatus status) {
        return new Problem(
                "container.not-healthy",
                "Container " + name + " is " + status.state().word() + " and "
                        + status.health().word() + " at the end of its probation.");
    }

    /** How long a good container may need until its first check has succeeded. */
    private static long secondsToHealth(Container container) {
        HealthCheck.Timing timing = container.health().map(HealthCheck::timing).orElse(HealthCheck.Timing.DEFAULT);
        return timing.startPeriodSeconds()
                + (timing.retries() + 1L) * ((long) timing.intervalSeconds() + timing.timeoutSeconds());
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(Math.clamp(seconds, 0, LONGEST_SECONDS)).toNanos();
    }
}
