package io.skerry.cli.instance;

import io.skerry.cli.api.InjectedKey;
import io.skerry.cli.api.Instance;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Parameters;

/** Which of an instance's injected keys a command is about. */
final class KeyOfInstance {
    @Parameters(
            index = "0",
            paramLabel = "INSTANCE",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private String wanted = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATH",
            description = "Which of its keys, by the file; needed when there are several.")
    private Optional<String> path = Optional.empty();

    /** A key and whose it is. */
    record Found(Instance instance, String injectedApiKeyId) {
        /** For messages. */
        String owner() {
            return instance.serviceName() + " on " + instance.nodeName();
        }
    }

    /** @throws io.skerry.spec.ProblemException {@code injected-key.not-found}, {@code usage.ambiguous} */
    Found find(Session session) {
        Instance instance = session.lookup().instance(wanted);
        return new Found(instance, one(session, instance).injectedApiKeyId());
    }

    private InjectedKey one(Session session, Instance instance) {
        List<InjectedKey> found = session.fleet().injectedKeys().of(instance.nodeServiceInstanceId()).stream()
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
