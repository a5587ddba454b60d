package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.HeldBack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What failed here of what is wanted, container by container, so that one that fails keeps no other from being updated. Pure.
 *
 * @param containers at most one form of each
 */
@Json
public record FailedContainers(List<FailedContainer> containers) {
    static final JsonType<FailedContainers> JSON = Wire.lenient(FailedContainers.class);
    static final FailedContainers NONE = new FailedContainers(List.of());

    public FailedContainers {
        Required.field(containers, "containers");
        containers = List.copyOf(containers);
    }

    /** With this one too, in place of what was known of the same container; without those that aren't wanted any more. */
    FailedContainers with(FailedContainer failed, Workload wanted) {
        List<FailedContainer> now = new ArrayList<>();
        for (FailedContainer old : containers) {
            String name = old.told().name();
            Container container = wanted.containers().get(name);
            if (!name.equals(failed.told().name()) && container != null && old.isFor(name, container)) {
                now.add(old);
            }
        }
        now.add(failed);
        return new FailedContainers(now);
    }

    /** Without those that are wanted in the very form that failed, of one of these images. */
    FailedContainers without(Set<Digest> images, Workload wanted) {
        return new FailedContainers(containers.stream()
                .filter(f -> Optional.ofNullable(
                                wanted.containers().get(f.told().name()))
                        .filter(c -> f.isFor(f.told().name(), c)
                                && images.contains(c.image().manifest()))
                        .isEmpty())
                .toList());
    }

    /**
     * What can be aimed at: the wanted workload, with each container whose wanted form failed in its committed form, or
     * without it if it has none.
     *
     * @param token the session's retry token
     */
    Workload attainable(Workload wanted, Workload committed, String token) {
        List<HeldBack> held = heldBack(wanted, token);
        if (held.isEmpty()) {
            return wanted;
        }
        Map<String, Container> attainable = new TreeMap<>(wanted.containers());
        for (HeldBack one : held) {
            Container earlier = committed.containers().get(one.name());
            if (earlier == null) {
                attainable.remove(one.name());
            } else {
                attainable.put(one.name(), earlier);
            }
        }
        return wanted.with(attainable);
    }

    /** Those that are wanted in the very form that failed. */
    List<HeldBack> heldBack(Workload wanted, String token) {
        return containers.stream()
                .filter(f -> token.equals(f.retryToken()))
                .filter(f -> Optional.ofNullable(
                                wanted.containers().get(f.told().name()))
                        .filter(c -> f.isFor(f.told().name(), c))
                        .isPresent())
                .map(FailedContainer::told)
                .toList();
    }
}
