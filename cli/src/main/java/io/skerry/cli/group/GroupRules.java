package io.skerry.cli.group;

import io.skerry.cli.api.GroupService;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Optional;

/** Finds the service of a group by both their names. */
final class GroupRules {
    private GroupRules() {}

    /** @throws io.skerry.spec.ProblemException {@code group-service.not-found} and those of the names */
    static String id(Session session, String group, String service) {
        return session
                .fleet()
                .groupServices()
                .list(
                        session.customer().customerId(),
                        Optional.of(session.lookup().groupId(group)),
                        Optional.of(session.lookup().serviceId(service)))
                .stream()
                .map(GroupService::groupNodeServiceId)
                .findFirst()
                .orElseThrow(() -> new Problem(
                                "group-service.not-found",
                                "The group '" + Text.shortened(group, 80) + "' doesn't have the service '"
                                        + Text.shortened(service, 80) + "'.",
                                "See what groups have with skerry group service ls.")
                        .asException());
    }
}
