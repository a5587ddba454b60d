package io.skerry.cli.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Roll-outs in phases. Each call as those of {@link Fleet}. */
public final class PhasedRollouts {
    private final Calls calls;

    PhasedRollouts(Calls calls) {
        this.calls = calls;
    }

    /** The newest first, at most a page. */
    public List<PhasedRollout> list(String customerId, Optional<String> serviceId, int take) {
        Map<String, Object> variables = new HashMap<>(Map.of("customer_id", customerId, "take", take));
        serviceId.ifPresent(id -> variables.put("node_service_id", id));
        return calls.page(PhasedRollout.class, Operation.ROLLOUTS, "rollouts", variables);
    }

    /**
     * Who it concerns and where they are, in the order in which they were added.
     *
     * @param phase those of this one, from 1; empty: of any
     * @param states those in one of these; empty: in any
     */
    public List<RolloutMember> members(String rolloutId, Optional<Integer> phase, Set<MemberState> states) {
        Map<String, Object> variables = new HashMap<>(Map.of(
                "rollout_id",
                rolloutId,
                "states",
                states.stream().map(MemberState::word).toList()));
        phase.ifPresent(p -> variables.put("phase", p));
        return calls.withAll(
                        RolloutMember.All.class,
                        Operation.ROLLOUT_MEMBERS,
                        Operation.ROLLOUT_MEMBERS,
                        "members",
                        variables)
                .orElseThrow(calls::withoutAnswer)
                .members();
    }

    /** @param policy empty: to all at once */
    public void setPolicy(String serviceId, Optional<Map<String, Object>> policy) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put("node_service_id", serviceId);
        variables.put("policy", policy.orElse(null));
        calls.text(Operation.ROLLOUT_POLICY, variables);
    }

    /** The roll-out's id. */
    public String start(String serviceId, Optional<Map<String, Object>> policy) {
        Map<String, Object> variables = new HashMap<>(Map.of("node_service_id", serviceId));
        policy.ifPresent(p -> variables.put("policy", p));
        return calls.text(Operation.START_ROLLOUT, variables);
    }

    public void change(String rolloutId, RolloutStep step) {
        calls.text(
                switch (step) {
                    case PAUSE -> Operation.PAUSE_ROLLOUT;
                    case RESUME -> Operation.RESUME_ROLLOUT;
                    case APPROVE -> Operation.APPROVE_ROLLOUT;
                    case ABORT -> Operation.ABORT_ROLLOUT;
                    case REVERT -> Operation.REVERT_ROLLOUT;
                },
                Map.of("rollout_id", rolloutId));
    }
}
