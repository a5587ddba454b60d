package io.skerry.cloud.instance;

import io.skerry.cloud.service.Service;
import io.skerry.spec.status.ContainerStatus;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far a service's newest version has come in the fleet.
 *
 * @param service whose newest version
 * @param counts how many of the instances that are to have it stand so
 */
public record Rollout(Service service, Map<Stand, Integer> counts) {
    public Rollout {
        counts = Map.copyOf(counts);
    }

    /** The rollout, given all instances of the service. */
    public static Rollout of(Service service, Stream<InstanceView> instances) {
        String pinned = "version:" + service.latestVersion();
        Map<Stand, Integer> counts = new EnumMap<>(Stand.class);
        instances
                .filter(i -> i.instance().selector().isEmpty()
                        || i.instance().selector().equals(Optional.of(pinned)))
                .forEach(i -> counts.merge(stand(i, service.latestVersion()), 1, Integer::sum));
        return new Rollout(service, counts);
    }

    /** How many instances are to have it. */
    public int total() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many of them stand so. */
    public int count(Stand stand) {
        return counts.getOrDefault(stand, 0);
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
            case FETCHING, PUT_OFF, AWAITING_WINDOW, TRIAL, RESTARTING, ROLLING_BACK, DISABLED -> Stand.IN_PROGRESS;
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
