package io.skerry.cloud.desired;

import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.Workload;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which version of its service each instance on a node gets.
 *
 * <p>An instance whose selector names a version that the node can't have keeps what it had, with a reason; an instance that
 * is disabled keeps what it had. What an instance had is never taken away by another one's refusal.
 */
final class Resolver {
    private Resolver() {}

    static Fleet.Answer resolve(Fleet.Question question) {
        var containers = new TreeMap<String, Container>();
        var targets = new TreeMap<String, Target>();
        for (Fleet.Instance instance : question.instances()) {
            Fleet.Service service = Objects.requireNonNull(
                    question.services().get(instance.serviceId()), "an instance's service is in the question");
            var one = new One(question.node(), instance, service);
            targets.put(instance.instanceId(), one.target());
            one.container().ifPresent(c -> containers.put(instance.instanceId(), c));
        }
        return new Fleet.Answer(Workload.of(containers), targets);
    }

    /** One instance's case. */
    private static final class One {
        private final Fleet.Node node;
        private final Fleet.Service service;
        private final Optional<Container> kept;
        private final Optional<Container> made;
        private final Target target;

        One(Fleet.Node node, Fleet.Instance instance, Fleet.Service service) {
            this.node = node;
            this.service = service;
            // An id is never used again, but a foreign container must not come in by one.
            kept = Optional.ofNullable(node.previous().containers().get(instance.instanceId()))
                    .filter(c -> c.service().id().equals(service.serviceId()));
            Optional<Long> version = switch (instance.selector()) {
                case Selector.Latest l -> Optional.of(service.latest());
                case Selector.Pinned p -> Optional.of(p.version());
                case Selector.Disabled d ->
                    instance.held().or(() -> kept.map(c -> c.service().version()));
            };
            if (version.isEmpty()) {
                made = Optional.empty();
                target = new Target.Nothing();
                return;
            }
            long chosen = version.get();
            Optional<Problem> problem = problem(chosen);
            made = problem.isEmpty() ? Optional.of(container(chosen)) : Optional.empty();
            target = problem.<Target>map(
                            p -> new Target.Refused(p, kept.map(c -> c.service().version())))
                    .orElseGet(() -> new Target.Runs(chosen));
        }

        Target target() {
            return target;
        }

        Optional<Container> container() {
            return target instanceof Target.Refused ? kept : made;
        }

        private Optional<Problem> problem(long number) {
            Fleet.@Nullable Version version = service.versions().get(number);
            if (version == null) {
                return Optional.of(new Problem(
                        "service.version-unknown",
                        "Service '" + service.name() + "' has no version " + number + ".",
                        "Choose one that it has: its newest is " + service.latest() + "."));
            }
            Architecture wanted = node.capabilities().architecture();
            if (!version.images().containsKey(wanted)) {
                return Optional.of(new Problem(
                        "instance.architecture-missing",
                        "The device runs " + wanted.word() + " images, but version " + number + " of service '"
                                + service.name() + "' has " + words(version.images()) + ".",
                        "Import the service with an image for " + wanted.word() + ", or pin a version that has one."));
            }
            return Requirements.unmet(version.settings(), node.capabilities());
        }

        private static String words(Map<Architecture, Image> images) {
            return images.isEmpty()
                    ? "none"
                    : images.keySet().stream().sorted().map(Architecture::word).collect(Collectors.joining(", "));
        }

        private Container container(long number) {
            Fleet.Version version = Objects.requireNonNull(service.versions().get(number));
            Image image = Objects.requireNonNull(
                    version.images().get(node.capabilities().architecture()));
            var settings = version.settings();
            return Container.plain(
                    new ServiceVersion(service.serviceId(), service.name(), number),
                    image,
                    settings.environment(),
                    settings.limits(),
                    settings.volumes(),
                    settings.health(),
                    settings.restart(),
                    settings.stopSeconds(),
                    settings.probationSeconds());
        }
    }
}
