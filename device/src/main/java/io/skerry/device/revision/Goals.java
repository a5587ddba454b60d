package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether containers of one group have reached their goals; failed at once when one can't any more. */
final class Goals implements Judge {
    private final Step.Reach reach;
    private final Attempt attempt;
    private final Map<String, Integer> restartsBefore = new HashMap<>();
    private final long deadline;

    /**
     * @param statuses how they are now: what they were started again before doesn't count
     * @param now nanoseconds of a {@link Ticker}, from which the time runs
     */
    Goals(Step.Reach reach, Attempt attempt, List<ContainerStatus> statuses, long now) {
        this.reach = reach;
        this.attempt = attempt;
        statuses.forEach(s -> restartsBefore.put(s.name(), s.restarts()));
        this.deadline = now + Duration.ofSeconds(reach.timeoutSeconds()).toNanos();
    }

    @Override
    public Verdict judge(List<ContainerStatus> statuses, long now) {
        Map<String, ContainerStatus> byName = new HashMap<>();
        statuses.forEach(s -> byName.put(s.name(), s));
        Optional<ContainerStatus> waitedFor = Optional.empty();
        for (String name : reach.containers()) {
            ContainerStatus status = byName.get(name);
            if (status == null) {
                return new Verdict.Failed(name, Failures.gone(name));
            }
            Container container = attempt.container(name);
            Goal goal = attempt.placement(name).goal();
            Optional<Problem> failure =
                    Failures.of(name, container, status).or(() -> restarts(name, container, status));
            if (failure.isPresent()) {
                return new Verdict.Failed(name, failure.get());
            }
            if (waitedFor.isEmpty() && !isReached(goal, container, status)) {
                waitedFor = Optional.of(status);
            }
        }
        if (waitedFor.isEmpty()) {
            return new Verdict.Passed();
        }
        if (now - deadline >= 0) {
            return new Verdict.Failed(waitedFor.get().name(), notReached(waitedFor.get()));
        }
        return new Verdict.Undecided(deadline);
    }

    /** What is new has so many tries; what is committed has all the time of its group, for there is nothing to go back to. */
    private Optional<Problem> restarts(String name, Container container, ContainerStatus status) {
        return attempt.way() == Way.FORWARD
                ? Failures.restarts(name, container, status, restartsBefore.getOrDefault(name, 0))
                : Optional.empty();
    }

    static boolean isReached(Goal goal, Container container, ContainerStatus status) {
        boolean done = Failures.finished(container, status);
        return switch (goal) {
            case MOUNTED -> status.state() == State.MOUNTED || status.state() == State.RUNNING || done;
            case STARTED -> status.state() == State.RUNNING || done;
            case READY -> (status.state() == State.RUNNING && status.health() == Health.HEALTHY) || done;
        };
    }

    private Problem notReached(ContainerStatus status) {
        String name = status.name();
        return new Problem(
                "group.goal-not-reached",
                "Container " + name + " of group " + reach.group() + " didn't reach its goal "
                        + attempt.placement(name).goal().word() + " within " + reach.timeoutSeconds()
                        + " seconds: it is "
                        + status.state().word() + " and " + status.health().word() + ".",
                "Look at its log, or give it more time (goal_seconds).");
    }
}
