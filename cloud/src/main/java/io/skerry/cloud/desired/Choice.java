package io.skerry.cloud.desired;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Membership;
import java.util.List;
import java.util.Optional;

/**
 * What was chosen for one instance.
 *
 * @param service its service's name
 * @param kept what its device was told to run for it last
 * @param made what it is to run instead; empty when that is refused, or nothing
 * @param after the services that what was made is to be started after
 * @param target what is told of it
 */
record Choice(String service, Optional<Container> kept, Optional<Container> made, List<String> after, Target target) {
    Choice {
        after = List.copyOf(after);
    }

    static Choice nothing(String service) {
        return new Choice(service, Optional.empty(), Optional.empty(), List.of(), new Target.Nothing());
    }

    static Choice refused(String service, Optional<Container> kept, long chosen, Problem problem) {
        return new Choice(
                service,
                kept,
                Optional.empty(),
                List.of(),
                new Target.Refused(problem, chosen, kept.map(c -> c.service().version())));
    }

    static Choice runs(String service, Optional<Container> kept, Container made, List<String> after) {
        return new Choice(
                service,
                kept,
                Optional.of(made),
                after,
                new Target.Runs(made.service().version()));
    }

    /** The same instance, which keeps what it has. */
    Choice refused(Problem problem) {
        return refused(service, kept, target.asked().orElseThrow(), problem);
    }

    /** What the device is to run for it, {@code after} aside. */
    Optional<Container> container() {
        return target instanceof Target.Refused ? kept : made;
    }

    /** A container with these others, by their names on the device, to be started before it. */
    static Container startedAfter(Container container, List<String> names) {
        Membership old = container.membership().orElse(Membership.DEFAULT);
        var place = new Membership(old.group(), old.goal(), old.goalSeconds(), old.restart(), names);
        return new Container(
                container.service(),
                container.image(),
                container.environment(),
                container.limits(),
                container.volumes(),
                container.health(),
                container.restart(),
                container.stopSeconds(),
                container.probationSeconds(),
                Optional.of(place).filter(p -> !p.equals(Membership.DEFAULT)),
                container.recovery(),
                container.update(),
                container.config());
    }
}
