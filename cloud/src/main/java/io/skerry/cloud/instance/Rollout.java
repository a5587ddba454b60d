package io.skerry.cloud.instance;

import io.skerry.cloud.service.Service;
import io.skerry.spec.status.ContainerStatus;
import java.util.List;
import java.util.Optional;

/**
 * How far a service's newest version has come in the fleet.
 *
 * @param service whose newest version
 * @param followers the instances that are to have it
 */
public record Rollout(Service service, List<InstanceView> followers) {
    public Rollout {
        followers = List.copyOf(followers);
    }

    /** The rollout, given all instances of the service. */
    public static Rollout of(Service service, List<InstanceView> instances) {
        String pinned = "version:" + service.latestVersion();
        return new Rollout(
                service,
                instances.stream()
                        .filter(i -> i.instance().selector().isEmpty()
                                || i.instance().selector().equals(Optional.of(pinned)))
                        .toList());
    }

    /** How many of them stand so. */
    public int count(Stand stand) {
        return (int) followers.stream()
                .filter(i -> stand(i, service.latestVersion()) == stand)
                .count();
    }

    /** Whoever's turn hasn't come yet isn't done, however well its earlier version runs. */
    private static Stand stand(InstanceView view, long newest) {
        boolean waits = view.state() != InstanceState.REFUSED
                && view.targetVersion().filter(v -> v == newest).isEmpty();
        return waits ? Stand.IN_PROGRESS : stand(view);
    }

    static Stand stand(InstanceView view) {
        return switch (view.state()) {
            case HEALTHY, MOUNTED -> Stand.DONE;
            case STOPPED -> endedWell(view) ? Stand.DONE : Stand.FAILED;
            case ROLLED_BACK, REFUSED, UNHEALTHY, GIVEN_UP -> Stand.FAILED;
            case PENDING -> view.online() ? Stand.IN_PROGRESS : Stand.WAITING_OFFLINE;
            case FETCHING, PUT_OFF, AWAITING_WINDOW, TRIAL, RESTARTING, DISABLED -> Stand.IN_PROGRESS;
        };
    }

    /** A container whose work is done, rather than one that broke. */
    private static boolean endedWell(InstanceView view) {
        return view.container()
                .flatMap(ContainerStatus::lastExit)
                .filter(exit -> exit.code() == 0)
                .isPresent();
    }

    /** Where one instance stands in a rollout. */
    public enum Stand {
        DONE,
        IN_PROGRESS,
        FAILED,
        WAITING_OFFLINE
    }
}
