package io.skerry.cloud.service;

import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.Group;
import io.skerry.spec.desired.Groups;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.Recovery.Exhausted;
import io.skerry.spec.desired.RestartScope;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.UpdateRules.Hook;
import io.skerry.spec.desired.UpdateRules.Strategy;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads in {@code metadata} when a container is started, started again and replaced. */
final class LifecycleInput {
    private static final int MOST_AFTER = 32;

    private LifecycleInput() {}

    static MembershipChange membership(Input metadata) {
        return new MembershipChange(
                Change.of(metadata, "group", metadata.line("group", 100).map(name -> group(metadata, name))),
                Change.of(metadata, "status_goal", metadata.word("status_goal").flatMap(Goal::of)),
                Change.of(
                        metadata,
                        "goal_seconds",
                        metadata.whole("goal_seconds", 1, Group.MOST_TIMEOUT_SECONDS, "seconds")),
                Change.of(
                        metadata, "update_scope", metadata.word("update_scope").flatMap(RestartScope::of)),
                Change.of(metadata, "after", metadata.texts("after", MOST_AFTER).map(LifecycleInput::after)));
    }

    private static String group(Input metadata, String name) {
        return Groups.DEFAULT
                .named(name)
                .map(Group::name)
                .orElseThrow(() -> metadata.malformed(
                        "group",
                        "is no group; the groups, in the order in which they are started, are "
                                + Groups.DEFAULT.order().stream()
                                        .map(Group::name)
                                        .collect(Collectors.joining(", "))));
    }

    private static List<String> after(List<String> services) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < services.size(); i++) {
            String field = "metadata.after[" + i + "]";
            if (!seen.add(Names.checked("A service (" + field + ")", services.get(i)))) {
                throw new Problem(
                                "input.duplicate",
                                field + " names '" + services.get(i) + "' a second time.",
                                "Give each once.")
                        .asException();
            }
        }
        // Their order says nothing, so that another order makes no other container.
        return services.stream().sorted().toList();
    }

    static Recovery recovery(Input recovery) {
        Recovery usual = Recovery.DEFAULT;
        int retries = recovery.whole("max_retries", 0, Recovery.MOST_RETRIES, "a number of retries (0 is without end)")
                .orElse(usual.maxRetries());
        int delay = recovery.whole("retry_delay_seconds", 1, Recovery.MOST_SECONDS, "seconds")
                .orElse(usual.retryDelaySeconds());
        Optional<Exhausted> exhausted = recovery.word("exhausted").flatMap(Exhausted::of);
        if (exhausted.isPresent() && retries == 0) {
            throw recovery.malformed("exhausted", "needs a max_retries of at least 1, or they never are");
        }
        boolean pauses = exhausted.equals(Optional.of(Exhausted.PAUSE));
        if (pauses != recovery.has("pause_seconds")) {
            throw recovery.malformed("pause_seconds", "must be given with exhausted: pause, and only with it");
        }
        return new Recovery(
                retries,
                delay,
                recovery.number("backoff_factor", 1, 10).orElse(usual.backoffFactor()),
                recovery.whole(
                                "most_delay_seconds",
                                delay,
                                Recovery.MOST_SECONDS,
                                "seconds (retry_delay_seconds at least)")
                        .orElse(Math.max(delay, usual.mostDelaySeconds())),
                recovery.whole("stable_seconds", 1, Recovery.MOST_SECONDS, "seconds")
                        .orElse(usual.stableSeconds()),
                exhausted.orElse(usual.exhausted()),
                recovery.whole("pause_seconds", 1, Recovery.MOST_SECONDS, "seconds")
                        .orElse(usual.pauseSeconds()));
    }

    static UpdateRules update(Input update) {
        UpdateRules usual = UpdateRules.DEFAULT;
        Strategy strategy = update.word("strategy").flatMap(Strategy::of).orElse(usual.strategy());
        if ((strategy == Strategy.HAND_OVER) != update.has("hand_over")) {
            throw update.malformed("hand_over", "must be given with strategy: hand_over, and only with it");
        }
        return new UpdateRules(
                strategy,
                update.object("pre_update").map(LifecycleInput::hook),
                update.object("post_update").map(LifecycleInput::hook),
                update.object("hand_over").map(LifecycleInput::hook),
                update.whole("lock_seconds", 0, UpdateRules.MOST_LOCK_SECONDS, "seconds (0 is not at all)")
                        .orElse(usual.lockSeconds()));
    }

    private static Hook hook(Input hook) {
        return new Hook(
                hook.command("command"),
                hook.whole("timeout_seconds", 1, Hook.MOST_TIMEOUT_SECONDS, "seconds")
                        .orElse(Hook.DEFAULT_TIMEOUT_SECONDS));
    }
}
