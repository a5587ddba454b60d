package io.skerry.device.revision;

import io.skerry.spec.status.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Takes all steps of the way back to what is committed, on after what fails; what is about a container of which a step failed
 * isn't taken. Containers that may be started in any order are started at once, two for each processor, since a start waits for
 * the kernel as much as it computes: a device that boots shall be quick.
 */
final class SideBySide {
    private static final int AT_ONCE = 2 * Runtime.getRuntime().availableProcessors();

    private final StepRunner runner;
    private final Attempt attempt;
    private final Patience patience;
    /** Containers of which a step failed. */
    private final Set<String> stuck = ConcurrentHashMap.newKeySet();

    SideBySide(StepRunner runner, Attempt attempt, Patience patience) {
        this.runner = runner;
        this.attempt = attempt;
        this.patience = patience;
    }

    /**
     * The steps as what follows one after the other, each of it strands that need nothing of one another. Pure.
     *
     * <p>Plans have whatever must come between two starts between them: groups and dependencies by a step that waits for a goal.
     */
    static List<List<List<Step>>> stretches(List<Step> steps) {
        List<List<List<Step>>> stretches = new ArrayList<>();
        Map<String, List<Step>> strands = new LinkedHashMap<>();
        for (Step step : steps) {
            Optional<String> started = started(step);
            if (started.isPresent()) {
                strands.computeIfAbsent(started.get(), _ -> new ArrayList<>()).add(step);
            } else {
                end(strands, stretches);
                stretches.add(List.of(List.of(step)));
            }
        }
        end(strands, stretches);
        return stretches;
    }

    private static void end(Map<String, List<Step>> strands, List<List<List<Step>>> stretches) {
        if (!strands.isEmpty()) {
            stretches.add(List.copyOf(strands.values()));
            strands.clear();
        }
    }

    private static Optional<String> started(Step step) {
        return switch (step) {
            case Step.ConfigureNetwork network -> Optional.of(network.container());
            case Step.Start start -> Optional.of(start.container());
            default -> Optional.empty();
        };
    }

    /**
     * Takes them.
     *
     * @param at told of each step before it is taken
     * @return why the first that failed did so, in the plan's order
     * @throws Patience.CancelledException when they were cancelled before they were done
     */
    Optional<Reason> takeAll(List<Step> steps, Consumer<Step> at) {
        Optional<Reason> first = Optional.empty();
        for (List<List<Step>> strands : stretches(steps)) {
            Optional<Reason> failure = strands.size() == 1 ? take(strands.getFirst(), at) : takeAtOnce(strands, at);
            first = first.or(() -> failure);
        }
        return first;
    }

    private Optional<Reason> takeAtOnce(List<List<Step>> strands, Consumer<Step> at) {
        List<Future<Optional<Reason>>> ends;
        try (ExecutorService workers = Executors.newFixedThreadPool(
                AT_ONCE,
                Thread.ofVirtual()
                        .name(Thread.currentThread().getName() + "-", 1)
                        .factory())) {
            ends = strands.stream()
                    .map(strand -> workers.submit(() -> take(strand, at)))
                    .toList();
        }
        for (Future<Optional<Reason>> end : ends) {
            if (end.state() == Future.State.FAILED) {
                switch (end.exceptionNow()) {
                    case RuntimeException e -> throw e;
                    case Error e -> throw e;
                    case Throwable e -> throw new IllegalStateException("steps throw nothing else", e);
                }
            }
        }
        return ends.stream().map(Future::resultNow).flatMap(Optional::stream).findFirst();
    }

    private Optional<Reason> take(List<Step> strand, Consumer<Step> at) {
        Optional<Reason> first = Optional.empty();
        for (Step step : strand) {
            if (step.about().filter(stuck::contains).isPresent()) {
                continue;
            }
            at.accept(step);
            Optional<Reason> failure = runner.take(step, attempt, patience);
            if (failure.isPresent()) {
                step.about().ifPresent(stuck::add);
                first = first.or(() -> failure);
            }
        }
        return first;
    }
}
