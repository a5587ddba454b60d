package io.skerry.cli.window;

import io.skerry.cli.api.WindowSubject;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose windows a command is about; the customer's when nothing is said. */
final class Subjects {
    @Option(names = "--group", paramLabel = "GROUP", description = "A group of devices, by path or id.")
    private @Nullable String group;

    @Option(names = "--node", paramLabel = "NODE", description = "A device, by name or id.")
    private @Nullable String node;

    @Option(names = "--service", paramLabel = "SERVICE", description = "A service, by name or id.")
    private @Nullable String service;

    /** @throws io.skerry.spec.ProblemException {@code usage.contradiction} */
    WindowSubject find(Session session) {
        List<WindowSubject> named = Stream.of(
                        Optional.ofNullable(group)
                                .map(g -> new WindowSubject(
                                        "group_id", session.lookup().groupId(g))),
                        Optional.ofNullable(node)
                                .map(n -> new WindowSubject(
                                        "node_id", session.lookup().nodeId(n))),
                        Optional.ofNullable(service)
                                .map(s -> new WindowSubject(
                                        "node_service_id", session.lookup().serviceId(s))))
                .flatMap(Optional::stream)
                .toList();
        if (named.size() > 1) {
            throw new Problem(
                            "usage.contradiction",
                            "More than one of --group, --node and --service is given.",
                            "Give one of them, or none for the whole customer.")
                    .asException();
        }
        return named.isEmpty()
                ? new WindowSubject("customer_id", session.customer().customerId())
                : named.getFirst();
    }

    /** What they are called in an answer. */
    String words() {
        if (group != null) {
            return "group " + group;
        }
        if (node != null) {
            return node;
        }
        return service == null ? "the customer" : "service " + service;
    }
}
