package io.skerry.cloud.observation;

import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A device's status, as far as tests say it. */
record Statuses(
        Position accepted,
        int revision,
        Optional<Integer> trying,
        RevisionStatus.Phase phase,
        Optional<Outcome> outcome,
        Map<String, Long> containers,
        List<HeldBack> heldBack,
        List<Problem> problems,
        List<GivenUp.Interval> givenUp,
        long at) {
    static final Problem UNHEALTHY = new Problem("container.unhealthy", "The container a doesn't work.", "Look.");

    /** At nothing, with this revision of these versions. */
    static Statuses settled(int revision, Map<String, Long> containers) {
        return new Statuses(
                new Position(1, revision),
                revision,
                Optional.empty(),
                RevisionStatus.Phase.IDLE,
                Optional.empty(),
                containers,
                List.of(),
                List.of(),
                List.of(),
                1);
    }

    /** The same, while it brings the next revision. */
    Statuses during(RevisionStatus.Phase other) {
        Optional<Integer> next =
                other == RevisionStatus.Phase.ROLLING_BACK ? Optional.empty() : Optional.of(revision + 1);
        return new Statuses(accepted, revision, next, other, outcome, containers, heldBack, problems, givenUp, at);
    }

    Statuses accepting(Position position) {
        return new Statuses(position, revision, trying, phase, outcome, containers, heldBack, problems, givenUp, at);
    }

    Statuses holdingBack(String instance, long version, Outcome.Result result, Problem why) {
        return new Statuses(
                accepted,
                revision,
                trying,
                phase,
                outcome,
                containers,
                List.of(new HeldBack(instance, version(version), result, new Reason(instance, why, List.of()))),
                problems,
                givenUp,
                at);
    }

    Statuses ending(Digest workload, Outcome.Result result, Problem why) {
        return new Statuses(
                accepted,
                revision,
                trying,
                phase,
                Optional.of(new Outcome(revision + 1, workload, result, Optional.of(Reason.of(why)), Optional.empty())),
                containers,
                heldBack,
                problems,
                givenUp,
                at);
    }

    Statuses givingUp(GivenUp.Interval... intervals) {
        return new Statuses(
                accepted, revision, trying, phase, outcome, containers, heldBack, problems, List.of(intervals), at);
    }

    Statuses having(Problem... wrong) {
        return new Statuses(
                accepted, revision, trying, phase, outcome, containers, heldBack, List.of(wrong), givenUp, at);
    }

    /** The same as the device says it again some minutes later, with another time and other resources. */
    Statuses again() {
        return new Statuses(
                accepted, revision, trying, phase, outcome, containers, heldBack, problems, givenUp, at + 300_000);
    }

    static ServiceVersion version(long version) {
        return new ServiceVersion("service", "web", version);
    }

    DeviceStatus status() {
        return new DeviceStatus(
                "0.1.0",
                at,
                new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of(), 2),
                accepted,
                new RevisionStatus(
                        revision,
                        trying,
                        phase,
                        outcome,
                        heldBack,
                        Optional.empty(),
                        Optional.empty(),
                        givenUp.isEmpty() ? Optional.empty() : Optional.of(new GivenUp(givenUp))),
                new TreeMap<>(containers)
                        .entrySet().stream()
                                .map(e -> new ContainerStatus(
                                        e.getKey(),
                                        version(e.getValue()),
                                        Digest.of("image".getBytes(StandardCharsets.UTF_8)),
                                        ContainerStatus.State.RUNNING,
                                        ContainerStatus.Health.HEALTHY,
                                        at,
                                        0,
                                        Optional.empty(),
                                        ""))
                                .toList(),
                new DeviceStatus.Resources(at, at, at, at),
                Map.of(),
                problems);
    }
}
