package io.skerry.cloud.instance;

import io.skerry.cloud.desired.Target;
import io.skerry.spec.Problem;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an instance stands: what was asked for, what its device said, and what follows from both.
 *
 * @param instance what was asked for
 * @param online whether its device is there now
 * @param target what the device is asked to run
 * @param runningVersion what the device said that it runs
 * @param state what follows
 * @param reason why, when that isn't what was asked for
 * @param container what the device said of it
 */
public record InstanceView(
        Instance instance,
        boolean online,
        Target target,
        Optional<Long> runningVersion,
        InstanceState state,
        Optional<Reason> reason,
        Optional<ContainerStatus> container) {
    private static final Problem ROLLING_BACK =
            new Problem("revision.rolling-back", "The device is going back to what it ran before.");

    /** The view of an instance; a pure function of what is known. */
    static InstanceView of(Instance instance, Target target, NodeFacts node) {
        Optional<ContainerStatus> container = node.status()
                .flatMap(s -> s.containers().stream()
                        .filter(c -> c.name().equals(instance.instanceId()))
                        .findFirst());
        Judgement judgement = judge(instance, target, node, container.orElse(null));
        return new InstanceView(
                instance,
                node.online(),
                target,
                container.filter(InstanceView::runs).map(c -> c.service().version()),
                judgement.state,
                judgement.reason.map(reason ->
                        node.status().map(s -> DeviceWords.reason(reason, s)).orElse(reason)),
                container);
    }

    private static Judgement judge(
            Instance instance, Target target, NodeFacts node, @Nullable ContainerStatus container) {
        if (instance.selector().filter("disabled"::equals).isPresent()) {
            return Judgement.of(InstanceState.DISABLED);
        }
        return switch (target) {
            case Target.Nothing nothing -> Judgement.of(InstanceState.DISABLED);
            case Target.Refused refused ->
                new Judgement(InstanceState.REFUSED, Optional.of(Reason.of(refused.problem())));
            case Target.Runs runs ->
                container != null && container.service().version() == runs.chosen()
                        ? asked(container, node)
                        : notYet(instance, runs.chosen(), node);
        };
    }

    /** The device has, or is about to have, the version that it is asked to run. */
    private static Judgement asked(ContainerStatus container, NodeFacts node) {
        RevisionStatus.Phase phase =
                node.status().map(s -> s.revision().phase()).orElse(RevisionStatus.Phase.IDLE);
        if (phase == RevisionStatus.Phase.ROLLING_BACK && !node.keeps(container.name())) {
            return new Judgement(InstanceState.ROLLING_BACK, Optional.of(Reason.of(ROLLING_BACK)));
        }
        boolean watched = (phase == RevisionStatus.Phase.ON_TRIAL || phase == RevisionStatus.Phase.SWITCHING)
                && !node.keeps(container.name());
        return switch (container.state()) {
            case WAITING -> waiting(node);
            case BACKING_OFF -> new Judgement(InstanceState.RESTARTING, ended(container));
            case STOPPED -> new Judgement(InstanceState.STOPPED, ended(container));
            case GIVEN_UP -> new Judgement(InstanceState.GIVEN_UP, Optional.of(givenUp(container)));
            case MOUNTED -> Judgement.of(watched ? InstanceState.TRIAL : InstanceState.MOUNTED);
            case RUNNING ->
                switch (container.health()) {
                    case UNHEALTHY -> new Judgement(InstanceState.UNHEALTHY, Optional.of(unhealthy(container)));
                    case STARTING -> Judgement.of(watched ? InstanceState.TRIAL : InstanceState.RESTARTING);
                    case HEALTHY -> Judgement.of(watched ? InstanceState.TRIAL : InstanceState.HEALTHY);
                };
        };
    }

    /** The device has another version than it is asked to run, or nothing. */
    private static Judgement notYet(Instance instance, long chosen, NodeFacts node) {
        Optional<Judgement> failed = heldBack(instance, chosen, node).or(() -> failed(node));
        if (failed.isPresent()) {
            return failed.get();
        }
        if (!node.online()) {
            return new Judgement(InstanceState.PENDING, Optional.of(Reason.of(offline(instance.nodeName()))));
        }
        return awaitingWindow(instance, node).orElseGet(() -> waiting(node));
    }

    /** For which window the device waits with this instance, if it does. */
    private static Optional<Judgement> awaitingWindow(Instance instance, NodeFacts node) {
        return node.status().flatMap(s -> s.revision().waits()).stream()
                .flatMap(waits -> waits.containers().stream())
                .filter(wait -> wait.name().equals(instance.instanceId()))
                .findFirst()
                .map(wait -> new Judgement(
                        InstanceState.AWAITING_WINDOW,
                        Optional.of(Reason.of(new Problem(
                                "update.awaiting-window",
                                "The update waits for a " + wait.window().word() + " window"
                                        + wait.opens()
                                                .map(at -> ", which opens " + Instant.ofEpochMilli(at))
                                                .orElse(", and the device knows of none that will open")
                                        + ".",
                                "It goes on by itself then; DM_open_update_windows lets it go on at once.")))));
    }

    /** Why the device keeps what it has of this instance although all else that it is asked for goes on. */
    private static Optional<Judgement> heldBack(Instance instance, long chosen, NodeFacts node) {
        return node.status().stream()
                .flatMap(s -> s.revision().heldBack().stream())
                .filter(h ->
                        h.name().equals(instance.instanceId()) && h.wanted().version() == chosen)
                .findFirst()
                .map(h -> new Judgement(
                        h.result() == Outcome.Result.REFUSED ? InstanceState.REFUSED : InstanceState.ROLLED_BACK,
                        Optional.of(h.reason())));
    }

    /** How the device's attempt at the very workload that it is asked for ended, if that failed. */
    private static Optional<Judgement> failed(NodeFacts node) {
        return node.status()
                .map(DeviceStatus::revision)
                .filter(r -> r.phase() == RevisionStatus.Phase.IDLE)
                .flatMap(r -> lastOfAsked(node))
                .flatMap(InstanceView::failure);
    }

    /** Why the device's last attempt at the same came to nothing; a full disk, say, is tried again for as long as it is full. */
    private static Optional<Reason> refusedBefore(NodeFacts node) {
        return lastOfAsked(node)
                .filter(o -> o.result() == Outcome.Result.REFUSED)
                .flatMap(Outcome::reason);
    }

    private static Optional<Outcome> lastOfAsked(NodeFacts node) {
        return node.status()
                .map(DeviceStatus::revision)
                .flatMap(RevisionStatus::outcome)
                .filter(o ->
                        node.told().filter(t -> t.wanted().equals(o.workload())).isPresent());
    }

    private static Optional<Judgement> failure(Outcome outcome) {
        return switch (outcome.result()) {
            case ROLLED_BACK -> Optional.of(new Judgement(InstanceState.ROLLED_BACK, outcome.reason()));
            case REFUSED -> Optional.of(new Judgement(InstanceState.REFUSED, outcome.reason()));
            case COMMITTED, SUPERSEDED -> Optional.empty();
        };
    }

    private static Judgement waiting(NodeFacts node) {
        return switch (node.status().map(s -> s.revision().phase()).orElse(RevisionStatus.Phase.IDLE)) {
            case IDLE, AWAITING_WINDOW -> Judgement.of(InstanceState.PENDING);
            case FETCHING -> new Judgement(InstanceState.FETCHING, refusedBefore(node));
            case PUT_OFF -> new Judgement(InstanceState.PUT_OFF, Optional.of(putOff(node)));
            case SWITCHING, ON_TRIAL, REBOOTING -> Judgement.of(InstanceState.TRIAL);
            case ROLLING_BACK -> new Judgement(InstanceState.ROLLING_BACK, Optional.of(Reason.of(ROLLING_BACK)));
        };
    }

    private static boolean runs(ContainerStatus container) {
        return container.state() == ContainerStatus.State.RUNNING
                || container.state() == ContainerStatus.State.MOUNTED
                || container.state() == ContainerStatus.State.BACKING_OFF;
    }

    private static Reason unhealthy(ContainerStatus container) {
        String said = container.healthMessage().isEmpty() ? "its health check fails" : container.healthMessage();
        return new Reason(
                container.name(),
                new Problem("container.unhealthy", "The container doesn't work: " + said, "Look at its log."),
                List.of());
    }

    private static Reason putOff(NodeFacts node) {
        String by = node.status()
                .flatMap(DeviceWords::step)
                .map(step -> step.replaceFirst("\\.$", ""))
                .orElse("a container on the device holds its /host/update.lock");
        return Reason.of(new Problem(
                "update.put-off",
                "The update is put off: " + by + ".",
                "It goes on once the lock is given back, at the latest when the container's"
                        + " metadata.update.lock_seconds are over."));
    }

    private static Reason givenUp(ContainerStatus container) {
        return new Reason(
                container.name(),
                new Problem(
                        "container.given-up",
                        "The container ended again and again, and its retries are used up"
                                + container
                                        .lastExit()
                                        .map(exit -> ": " + words(exit))
                                        .orElse("") + ".",
                        "Look at its log, and import a version that works; a reboot of the device begins anew too."),
                List.of());
    }

    private static Optional<Reason> ended(ContainerStatus container) {
        return container
                .lastExit()
                .map(exit -> new Reason(
                        container.name(),
                        new Problem(
                                exit.cause() == ContainerStatus.Cause.OUT_OF_MEMORY
                                        ? "container.out-of-memory"
                                        : "container.exited",
                                "The container ended: " + words(exit) + ".",
                                exit.cause() == ContainerStatus.Cause.OUT_OF_MEMORY
                                        ? "Import a version with a higher metadata.memory_limit_mb."
                                        : "Look at its log."),
                        List.of()));
    }

    /** The version that the device is asked to run, if any. */
    public Optional<Long> targetVersion() {
        return target.version();
    }

    /** How the container ended the last time, for people. */
    public Optional<String> lastExit() {
        return container.flatMap(ContainerStatus::lastExit).map(InstanceView::words);
    }

    private static String words(ContainerStatus.Exit exit) {
        return "exit code " + exit.code() + ", " + exit.cause().word();
    }

    private static Problem offline(String nodeName) {
        return new Problem(
                "node.offline",
                "The device '" + nodeName + "' is not connected.",
                "It goes on by itself once it is; check its power and network.");
    }

    private record Judgement(InstanceState state, Optional<Reason> reason) {
        static Judgement of(InstanceState state) {
            return new Judgement(state, Optional.empty());
        }
    }
}
