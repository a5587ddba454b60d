package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.util.Optional;

/** What of a container's status means that it has failed in its update. Pure. */
final class Failures {
    /** How often a container that says nothing of it may be started again within its probation. */
    static final int RESTARTS = 2;

    private Failures() {}

    /** Why one can't pass any more that isn't there. */
    static Problem gone(String name) {
        return new Problem("container.gone", "Container " + name + " is not there any more.");
    }

    /** Why a container can't pass any more. */
    static Optional<Problem> of(String name, Container container, ContainerStatus status) {
        if (status.health() == Health.UNHEALTHY && status.state() == State.RUNNING) {
            String said = status.healthMessage().isEmpty() ? "" : ": " + status.healthMessage();
            return Optional.of(new Problem(
                    "container.unhealthy", "The health check of container " + name + " failed" + said + "."));
        }
        boolean over = status.state() == State.STOPPED || status.state() == State.GIVEN_UP;
        if (over && !finished(container, status)) {
            return Optional.of(ended(name, status, "and is not started again"));
        }
        return Optional.empty();
    }

    /** Whether it was started again more often than it may be, of which so many times were before it was watched. */
    static Optional<Problem> restarts(String name, Container container, ContainerStatus status, int before) {
        int restarts = status.restarts() - before;
        return restarts > budget(container)
                ? Optional.of(ended(name, status, "and was started again " + restarts + " times"))
                : Optional.empty();
    }

    /** Whether it has done its work and isn't to be started again. */
    static boolean finished(Container container, ContainerStatus status) {
        return status.state() == State.STOPPED
                && (container.restart() == RestartPolicy.ON_FAILURE || container.restart() == RestartPolicy.NO)
                && status.lastExit()
                        .filter(e -> e.code() == 0 && e.cause() == Cause.EXITED)
                        .isPresent();
    }

    private static int budget(Container container) {
        return container
                .recovery()
                .map(Recovery::maxRetries)
                .filter(most -> most > 0)
                .orElse(RESTARTS);
    }

    private static Problem ended(String name, ContainerStatus status, String andThen) {
        Cause cause = status.lastExit().map(ContainerStatus.Exit::cause).orElse(Cause.EXITED);
        String code = status.lastExit().map(e -> Integer.toString(e.code())).orElse("unknown");
        return switch (cause) {
            case OUT_OF_MEMORY ->
                new Problem(
                        "container.out-of-memory",
                        "Container " + name + " ran out of its memory limit " + andThen + ".",
                        "Give the service more memory, or make it use less.");
            case HALTED -> new Problem("container.halted", "Container " + name + " halted itself " + andThen + ".");
            case REBOOTED ->
                new Problem("container.rebooted", "Container " + name + " rebooted itself " + andThen + ".");
            case EXITED, STOPPED ->
                new Problem(
                        "container.exited",
                        "Container " + name + " ended with exit code " + code + " " + andThen + ".");
        };
    }
}
