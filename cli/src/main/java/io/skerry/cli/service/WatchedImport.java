package io.skerry.cli.service;

import io.skerry.cli.api.Fleet;
import io.skerry.cli.api.ImportInput;
import io.skerry.cli.api.ServiceImport;
import io.skerry.cli.output.Output;
import io.skerry.cli.output.ProgressBar;
import io.skerry.cli.output.Screen;
import io.skerry.cli.session.Pause;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Runs one import and tells meanwhile how far it is: a bar on a terminal, a line for each step in a pipe, nothing in JSON.
 * When the connection breaks while the import goes on in the cloud, it is followed there to its end.
 */
final class WatchedImport {
    private static final Duration BETWEEN = Duration.ofMillis(300);
    private static final Duration AFTER_A_BREAK = Duration.ofSeconds(2);
    /** How often in a row the cloud may not answer about an import whose connection broke. */
    private static final int PATIENCE = 15;

    /** What leaves open how the import ends. */
    private static final Set<String> UNTOLD =
            Set.of("cloud.unreachable", "idempotency.under-way", "idempotency.answer-lost");

    private final Fleet fleet;
    private final Output output;
    private final Pause pause;
    private final Screen screen;
    private String step = "";

    WatchedImport(Fleet fleet, Output output, Pause pause) {
        this.fleet = fleet;
        this.output = output;
        this.pause = pause;
        this.screen = new Screen(output.terminal());
    }

    /** The service's id. */
    String run(ImportInput input) {
        FutureTask<String> importing = new FutureTask<>(() -> fleet.importService(input));
        Thread.ofVirtual().name("import").start(importing);
        boolean telling = !output.json();
        while (!importing.isDone()) {
            pause.of(BETWEEN);
            if (telling && !importing.isDone()) {
                telling = tell(input.importId());
            }
        }
        if (output.live()) {
            screen.clear();
        }
        return result(importing, input.importId());
    }

    /** Whether it is worth asking again. */
    private boolean tell(String importId) {
        try {
            fleet.serviceImport(importId)
                    .filter(progress -> progress.state().equals("running"))
                    .ifPresent(this::tell);
            return true;
        } catch (ProblemException e) {
            // Progress is a courtesy: what matters is the answer to the import itself.
            return false;
        }
    }

    private void tell(ServiceImport progress) {
        if (output.live()) {
            screen.draw(List.of(
                    ProgressBar.line(progress.step(), progress.bytesDone(), progress.bytesTotal(), output.view())));
        } else if (!progress.step().equals(step)) {
            step = progress.step();
            output.line(step);
        }
    }

    private String result(FutureTask<String> importing, String importId) {
        try {
            return importing.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                if (UNTOLD.contains(problem.code())) {
                    return followed(importId, problem);
                }
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(
                            "program.interrupted",
                            "The wait was interrupted.",
                            "The import goes on in the cloud; see skerry service ls.")
                    .asException(e);
        }
    }

    private String followed(String importId, ProblemException broken) {
        for (int silent = 0; silent < PATIENCE; ) {
            Optional<ServiceImport> now = Optional.empty();
            try {
                now = fleet.serviceImport(importId);
                silent = 0;
            } catch (ProblemException e) {
                silent++;
            }
            if (now.isPresent()) {
                ServiceImport progress = now.get();
                Optional<String> service = progress.nodeServiceId();
                if (progress.state().equals("done") && service.isPresent()) {
                    return service.get();
                }
                if (!progress.state().equals("running")) {
                    throw progress.problem().map(Problem::asException).orElse(broken);
                }
            } else if (silent == 0) {
                // It answers, and knows of no such import: the request never arrived.
                throw broken;
            }
            pause.of(AFTER_A_BREAK);
        }
        throw broken;
    }
}
