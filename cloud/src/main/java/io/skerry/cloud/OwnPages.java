package io.skerry.cloud;

import io.skerry.cloud.metrics.Metrics;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.web.Answers;
import io.skerry.cloud.web.HttpProblem;
import io.skerry.cloud.web.Operators;
import io.skerry.cloud.web.Route;
import io.skerry.spec.Problem;
import java.util.List;

/** What the control plane says of itself: that it lives, that it can serve, and its counters. */
final class OwnPages {
    private final Storage storage;
    private final Operators operators;
    private final Metrics metrics;

    OwnPages(Storage storage, Operators operators, Metrics metrics) {
        this.storage = storage;
        this.operators = operators;
        this.metrics = metrics;
    }

    List<Route> routes() {
        List<String> reading = List.of("GET", "HEAD");
        return List.of(
                new Route(
                        "/healthz",
                        reading,
                        (request, response, callback) -> Answers.text(response, callback, 200, "ok\n")),
                new Route("/readyz", reading, (request, response, callback) -> {
                    storage.read(
                            h -> h.createQuery("SELECT 1").mapTo(Integer.class).one());
                    Answers.text(response, callback, 200, "ready\n");
                }),
                new Route("/metrics", List.of("GET"), (request, response, callback) -> {
                    if (!operators.caller(request).ofInstallation()) {
                        throw new HttpProblem(
                                403,
                                new Problem(
                                        "api-key.not-enough",
                                        "The metrics are those of the whole installation.",
                                        "Use a key of the installation."));
                    }
                    Answers.body(response, callback, 200, metrics.contentType(), metrics.page());
                }));
    }
}
