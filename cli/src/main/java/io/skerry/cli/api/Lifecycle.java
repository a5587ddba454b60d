package io.skerry.cli.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an import says about when a container is started, started again and replaced; what it leaves out is inherited. */
public record Lifecycle(
        Optional<String> group,
        Optional<String> statusGoal,
        Optional<Integer> goalSeconds,
        Optional<String> updateScope,
        List<String> after,
        Optional<Again> recovery,
        Optional<Update> update) {

    /** How it is started again; what is left out, the cloud fills in. */
    public record Again(
            Optional<Integer> maxRetries,
            Optional<Integer> retryDelaySeconds,
            Optional<Double> backoffFactor,
            Optional<Integer> mostDelaySeconds,
            Optional<Integer> stableSeconds,
            Optional<String> exhausted,
            Optional<Integer> pauseSeconds) {
        public static final Again NOTHING = new Again(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        private Map<String, Object> fields() {
            Map<String, Object> map = new HashMap<>();
            maxRetries.ifPresent(v -> map.put("max_retries", v));
            retryDelaySeconds.ifPresent(v -> map.put("retry_delay_seconds", v));
            backoffFactor.ifPresent(v -> map.put("backoff_factor", v));
            mostDelaySeconds.ifPresent(v -> map.put("most_delay_seconds", v));
            stableSeconds.ifPresent(v -> map.put("stable_seconds", v));
            exhausted.ifPresent(v -> map.put("exhausted", v));
            pauseSeconds.ifPresent(v -> map.put("pause_seconds", v));
            return map;
        }
    }

    /** How it is replaced; what is left out, the cloud fills in. */
    public record Update(
            Optional<String> strategy,
            Optional<Command> preUpdate,
            Optional<Command> postUpdate,
            Optional<Command> handOver,
            Optional<Integer> lockSeconds) {
        public static final Update NOTHING =
                new Update(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        private Map<String, Object> fields() {
            Map<String, Object> map = new HashMap<>();
            strategy.ifPresent(v -> map.put("strategy", v));
            preUpdate.ifPresent(v -> map.put("pre_update", v.fields()));
            postUpdate.ifPresent(v -> map.put("post_update", v.fields()));
            handOver.ifPresent(v -> map.put("hand_over", v.fields()));
            lockSeconds.ifPresent(v -> map.put("lock_seconds", v));
            return map;
        }
    }

    /** A command in a container. */
    public record Command(List<String> command, Optional<Integer> timeoutSeconds) {
        private Map<String, Object> fields() {
            Map<String, Object> map = new HashMap<>();
            map.put("command", command);
            timeoutSeconds.ifPresent(v -> map.put("timeout_seconds", v));
            return map;
        }
    }

    void addTo(Map<String, @Nullable Object> metadata) {
        group.ifPresent(v -> metadata.put("group", v));
        statusGoal.ifPresent(v -> metadata.put("status_goal", v));
        goalSeconds.ifPresent(v -> metadata.put("goal_seconds", v));
        updateScope.ifPresent(v -> metadata.put("update_scope", v));
        if (!after.isEmpty()) {
            metadata.put("after", after);
        }
        recovery.ifPresent(v -> metadata.put("recovery", v.fields()));
        update.ifPresent(v -> metadata.put("update", v.fields()));
    }
}
