package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Reason;
import java.util.List;
import java.util.Optional;

/** Stops and starts containers as planned. Images must have been prepared. */
final class Switchover {
    private static final System.Logger LOG = System.getLogger(Switchover.class.getName());
    private static final int LOG_LINES = 20;
    private static final int LOG_LINE_LENGTH = 400;

    private final Images images;
    private final Containers containers;
    private final Volumes volumes;

    Switchover(Images images, Containers containers, Volumes volumes) {
        this.images = images;
        this.containers = containers;
        this.volumes = volumes;
    }

    /** Takes the stopping and starting steps in their order; the reason when one failed, and then no further one is taken. */
    Optional<Reason> carryOut(List<Step> steps, Workload workload) {
        for (Step step : steps) {
            Optional<Reason> failure = carryOut(step, workload);
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    /** As {@link #carryOut}, but a step that fails keeps none of the others from being taken; the first reason. */
    Optional<Reason> carryOutAll(List<Step> steps, Workload workload) {
        Optional<Reason> first = Optional.empty();
        for (Step step : steps) {
            Optional<Reason> failure = carryOut(step, workload);
            first = first.or(() -> failure);
        }
        return first;
    }

    /** The reason for a failure of this container, with the last that it wrote. */
    Reason reason(String container, Problem problem) {
        return new Reason(container, problem, container.isEmpty() ? List.of() : logTail(container));
    }

    private Optional<Reason> carryOut(Step step, Workload workload) {
        return switch (step) {
            case Step.Stop stop -> stop(stop.name());
            case Step.Start start -> start(start.name(), workload);
            case Step.Prepare _, Step.Watch _, Step.Commit _, Step.Collect _ -> Optional.empty();
        };
    }

    private Optional<Reason> stop(String name) {
        try {
            containers.stop(name, Slot.MAIN);
            return Optional.empty();
        } catch (ProblemException e) {
            return failed(name, e.problem(), e);
        } catch (RuntimeException e) {
            return failed(name, new Problem("device.internal", "Stopping " + name + " failed: " + e + "."), e);
        }
    }

    private Optional<Reason> start(String name, Workload workload) {
        Container container = workload.containers().get(name);
        if (container == null) {
            throw new IllegalStateException("a plan starts " + name + ", which its workload doesn't have");
        }
        Digest manifest = container.image().manifest();
        try {
            PreparedImage image = images.prepared(manifest)
                    .orElseThrow(() -> new Problem(
                                    "image.missing", "The image " + manifest + " of " + name + " is not on the device.")
                            .asException());
            container.volumes().forEach(v -> volumes.create(name, v, image));
            containers.prepareNetwork(name, Slot.MAIN, container);
            containers.start(name, Slot.MAIN, container, false, image);
            return Optional.empty();
        } catch (ProblemException e) {
            return failed(name, e.problem(), e);
        } catch (RuntimeException e) {
            return failed(name, new Problem("device.internal", "Starting " + name + " failed: " + e + "."), e);
        }
    }

    private Optional<Reason> failed(String name, Problem problem, RuntimeException cause) {
        LOG.log(System.Logger.Level.WARNING, name + ": " + problem.sentence(), cause);
        return Optional.of(reason(name, problem));
    }

    private List<String> logTail(String name) {
        try {
            List<String> lines = containers.logTail(name, Slot.MAIN, LOG_LINES);
            return lines.stream()
                    .skip(Math.max(0, lines.size() - LOG_LINES))
                    .map(l -> l.length() > LOG_LINE_LENGTH ? l.substring(0, LOG_LINE_LENGTH - 1) + "…" : l)
                    .toList();
        } catch (RuntimeException e) {
            // The reason is worth more than its log.
            LOG.log(System.Logger.Level.WARNING, "can't read the log of " + name, e);
            return List.of();
        }
    }
}
