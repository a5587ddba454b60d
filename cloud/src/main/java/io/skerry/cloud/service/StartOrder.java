package io.skerry.cloud.service;

import io.skerry.spec.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of a service's {@code after} before any device is asked: by the newest versions of the services that it
 * names. Which of them run where, and in which version, is judged device by device.
 */
final class StartOrder {
    private final Handle handle;
    private final String customerId;
    private final String name;

    private StartOrder(Handle handle, String customerId, String name) {
        this.handle = handle;
        this.customerId = customerId;
        this.name = name;
    }

    /**
     * Checks the settings that a service is about to get.
     *
     * @throws io.skerry.spec.ProblemException {@code service.after-unknown}, {@code service.after-group} or {@code
     *     service.after-cycle}
     */
    static void check(Handle h, String customerId, String name, VersionSettings settings) {
        new StartOrder(h, customerId, name).check(settings);
    }

    private void check(VersionSettings settings) {
        for (int i = 0; i < settings.after().size(); i++) {
            String field = "metadata.after[" + i + "]";
            String other = settings.after().get(i);
            if (other.equals(name)) {
                throw cycle(List.of(name, name));
            }
            VersionSettings theirs = newest(other)
                    .orElseThrow(() -> new Problem(
                                    "service.after-unknown",
                                    field + " names '" + other
                                            + "', but the customer has no node service of this name.",
                                    "Import that service first, or leave it out of after.")
                            .asException());
            if (!theirs.group().equals(settings.group())) {
                throw new Problem(
                                "service.after-group",
                                field + " names '" + other + "', which is in group '"
                                        + theirs.group().name() + "', while '" + name + "' is in group '"
                                        + settings.group().name() + "'.",
                                "Groups are started in their own order; within one, import '" + other
                                        + "' in the same group first, or leave it out of after.")
                        .asException();
            }
        }
        refuseCycle(settings);
    }

    /** Follows the newest versions' {@code after} as far as they lead. */
    private void refuseCycle(VersionSettings settings) {
        Map<String, String> cameFrom = new HashMap<>();
        Deque<String> open = new ArrayDeque<>();
        settings.after().forEach(other -> {
            cameFrom.put(other, name);
            open.add(other);
        });
        while (!open.isEmpty()) {
            String service = open.remove();
            for (String next : newest(service).map(VersionSettings::after).orElse(List.of())) {
                if (next.equals(name)) {
                    throw cycle(path(cameFrom, service));
                }
                if (cameFrom.putIfAbsent(next, service) == null) {
                    open.add(next);
                }
            }
        }
    }

    private List<String> path(Map<String, String> cameFrom, String last) {
        List<String> path = new ArrayList<>(List.of(name));
        for (@Nullable String at = last; at != null && !at.equals(name); at = cameFrom.get(at)) {
            path.addFirst(at);
        }
        path.addFirst(name);
        return path;
    }

    private Optional<VersionSettings> newest(String service) {
        return Services.named(handle, customerId, service)
                .flatMap(s -> Services.version(handle, s.serviceId(), s.latestVersion()))
                .map(Version::settings);
    }

    private static RuntimeException cycle(List<String> path) {
        return new Problem(
                        "service.after-cycle",
                        "metadata.after makes each wait for the next, without end: " + String.join(" → ", path) + ".",
                        "Take one of them out of after.")
                .asException();
    }
}
