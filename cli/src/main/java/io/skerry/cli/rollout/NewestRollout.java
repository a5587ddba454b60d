package io.skerry.cli.rollout;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.PhasedRollout;
import io.skerry.cli.api.RolloutStep;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.Optional;

/** Does something with a service's newest roll-out. */
final class NewestRollout {
    private NewestRollout() {}

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String rolloutId) {}

    /** @throws io.skerry.spec.ProblemException {@code rollout.not-found} */
    static PhasedRollout of(Session session, String service) {
        return session
                .fleet()
                .phasedRollouts()
                .list(
                        session.customer().customerId(),
                        Optional.of(session.lookup().serviceId(service)),
                        1)
                .stream()
                .findFirst()
                .orElseThrow(() -> new Problem(
                                "rollout.not-found",
                                "No version of '" + service + "' was rolled out in phases.",
                                "See skerry rollout ls.")
                        .asException());
    }

    /**
     * @param said for people, after the service and its version
     * @throws io.skerry.spec.ProblemException {@code rollout.not-found}
     */
    static int change(CommandContext context, String service, RolloutStep step, String said) {
        Session session = context.session();
        PhasedRollout rollout = of(session, service);
        session.fleet().phasedRollouts().change(rollout.rolloutId(), step);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(rollout.rolloutId()),
                        (result, view) ->
                                List.of(service + " version " + rollout.containerVersion() + " " + said + "."));
        return ExitCode.DONE.number();
    }
}
