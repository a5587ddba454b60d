package io.skerry.device.revision;

import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.VolumeMount;
import java.util.List;
import java.util.Optional;

/**
 * When a container needn't be started anew to be as it is wanted: what only says how it is updated (its rules, its probation,
 * what it waits for, how its volumes are cared for) is the engine's to know, and nothing of the program that runs.
 */
public final class Forms {
    private Forms() {}

    public static boolean same(Container one, Container other) {
        return one.equals(other) || program(one).equals(program(other));
    }

    /** Whether there is such a container, and it is the same. */
    static boolean same(Container one, Optional<Container> other) {
        return other.filter(o -> same(one, o)).isPresent();
    }

    private static Container program(Container c) {
        return new Container(
                c.service(),
                c.image(),
                c.environment(),
                c.limits(),
                c.volumes().stream()
                        .map(v -> VolumeMount.of(v.source(), v.target()))
                        .toList(),
                c.health(),
                c.restart(),
                c.stopSeconds(),
                0,
                c.membership()
                        .map(m -> new Membership(m.group(), m.goal(), Optional.empty(), m.restart(), List.of()))
                        .filter(m -> !m.equals(Membership.DEFAULT)),
                c.recovery(),
                Optional.empty(),
                c.config());
    }
}
