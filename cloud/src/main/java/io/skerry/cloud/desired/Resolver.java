package io.skerry.cloud.desired;

import io.skerry.cloud.service.VersionSettings;
import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.ServiceVersion;
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
 * is disabled keeps what it had. What an instance had is never taken away by another one's refusal. Which containers are
 * started after which is settled by {@link Dependencies}.
 */
final class Resolver {
    private Resolver() {}

    static Fleet.Answer resolve(Fleet.Question question) {
        var choices = new TreeMap<String, Choice>();
        for (Fleet.Instance instance : question.instances()) {
            Fleet.Service service = Objects.requireNonNull(
                    question.services().get(instance.serviceId()), "an instance's service is in the question");
            choices.put(instance.instanceId(), new One(question.node(), instance, service).choice());
        }
        return Dependencies.settled(choices);
    }

    /** One instance's case. */
    private static final class One {
        private final Fleet.Node node;
        private final Fleet.Service service;
        private final Optional<Container> kept;
        private final Optional<ConfigFiles> config;
        private final Choice choice;

        One(Fleet.Node node, Fleet.Instance instance, Fleet.Service service) {
            this.node = node;
            this.service = service;
            // An id is never used again, but a foreign container must not come in by one.
            kept = Optional.ofNullable(node.previous().containers().get(instance.instanceId()))
                    .filter(c -> c.service().id().equals(service.serviceId()));
            // What is disabled is left as it is, its files included.
            config = instance.selector() instanceof Selector.Disabled && kept.isPresent()
                    ? kept.flatMap(Container::config)
                    : instance.config();
            Optional<Long> version = switch (instance.selector()) {
                case Selector.Latest l -> Optional.of(instance.due().orElse(service.latest()));
                case Selector.Pinned p -> Optional.of(p.version());
                case Selector.Disabled d ->
                    instance.held().or(() -> kept.map(c -> c.service().version()));
            };
            choice = version.map(this::choose).orElseGet(() -> Choice.nothing(service.name()));
        }

        Choice choice() {
            return choice;
        }

        private Choice choose(long chosen) {
            return problem(chosen)
                    .map(p -> Choice.refused(service.name(), kept, chosen, p))
                    .orElseGet(() -> {
                        VersionSettings settings = Objects.requireNonNull(
                                        service.versions().get(chosen))
                                .settings();
                        return Choice.runs(service.name(), kept, container(chosen), settings.after());
                    });
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
            return Requirements.unmet(version.settings(), node.capabilities())
                    .or(() -> Requirements.unmet(service.network().config(), node.capabilities()))
                    .or(() -> config.flatMap(files -> Requirements.unmet(files, node.capabilities())))
                    .or(() -> config.flatMap(files -> Requirements.clash(files, version.settings())))
                    .or(() -> heedless(number));
        }

        /** A device that knows nothing of windows would change at once what mustn't be changed now. */
        private Optional<Problem> heedless(long number) {
            boolean changes = kept.filter(c -> c.service().version() == number).isEmpty();
            return node.schedule().isPresent() && node.told().isEmpty() && changes
                    ? Optional.of(new Problem(
                            "capability.unsupported",
                            "The device can't keep to update windows: it doesn't report the capability '"
                                    + Fleet.Node.WINDOWS + "'.",
                            "Update the device's daemon, or take its windows away with DM_set_update_windows."))
                    : Optional.empty();
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
            return new Container(
                    new ServiceVersion(service.serviceId(), service.name(), number),
                    image,
                    settings.environment(),
                    settings.limits(),
                    settings.volumes(),
                    settings.health(),
                    settings.restart(),
                    settings.stopSeconds(),
                    settings.probationSeconds(),
                    settings.membership(),
                    settings.recovery(),
                    settings.update(),
                    config);
        }
    }
}
