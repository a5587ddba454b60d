package io.skerry.cli.instance;

import io.skerry.cli.api.InjectedKey;
import io.skerry.cli.api.Instance;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds an injected key by its instance and its path. */
final class InjectedKeyFinder {
    private InjectedKeyFinder() {}

    /**
     * @param path empty: the only one that it has
     * @throws io.skerry.spec.ProblemException {@code injected-key.not-found}, {@code usage.ambiguous}
     */
    static InjectedKey one(
            Session session,
            Instance instance,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> path) {
        List<InjectedKey> found = session.fleet().injectedKeys(instance.nodeServiceInstanceId()).stream()
                .filter(key -> path.isEmpty() || path.get().equals(key.path()))
                .toList();
        return switch (found.size()) {
            case 1 -> found.getFirst();
            case 0 ->
                throw new Problem(
                                "injected-key.not-found",
                                instance.serviceName() + " on " + instance.nodeName() + " has no API key"
                                        + path.map(p -> " in " + Text.shortened(p, 100))
                                                .orElse("") + ".",
                                "See those that it has with skerry instance key ls.")
                        .asException();
            default ->
                throw new Problem(
                                "usage.ambiguous",
                                instance.serviceName() + " on " + instance.nodeName() + " has several API keys: "
                                        + found.stream().map(InjectedKey::path).collect(Collectors.joining(", ")) + ".",
                                "Name the path too.")
                        .asException();
        };
    }
}
