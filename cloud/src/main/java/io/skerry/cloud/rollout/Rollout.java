package io.skerry.cloud.rollout;

import io.skerry.spec.Problem;
import java.util.Optional;

/**
 * A version's way to its service's instances.
 *
 * @param from what instances get that aren't members yet; empty: the version itself, for there was none before
 * @param phase the one that it is in, from 0; -1: it awaits the approval of the first
 * @param goodSince from when on the phase's success threshold has been reached, milliseconds since 1970
 * @param tolerated how many failures somebody has seen and went on with
 * @param reason why it stands where it stands, if that isn't what was planned
 */
public record Rollout(
        String rolloutId,
        String customerId,
        String serviceId,
        long version,
        Optional<Long> from,
        RolloutPolicy policy,
        State state,
        int phase,
        Optional<Long> goodSince,
        int tolerated,
        Optional<Problem> reason,
        long createdAt,
        long changedAt) {

    Phase current() {
        return policy.phases().get(phase);
    }

    boolean isLastPhase() {
        return phase == policy.phases().size() - 1;
    }

    /** The same once somebody starts it; its first phase may need an approval, too. */
    Rollout started() {
        boolean asks = policy.phases().getFirst().approval();
        return new Rollout(
                rolloutId,
                customerId,
                serviceId,
                version,
                from,
                policy,
                asks ? State.AWAITING_APPROVAL : State.RUNNING,
                asks ? -1 : 0,
                Optional.empty(),
                tolerated,
                Optional.empty(),
                createdAt,
                changedAt);
    }

    Rollout to(State other) {
        return new Rollout(
                rolloutId,
                customerId,
                serviceId,
                version,
                from,
                policy,
                other,
                phase,
                Optional.empty(),
                tolerated,
                Optional.empty(),
                createdAt,
                changedAt);
    }

    Rollout paused(Problem why) {
        return to(State.PAUSED).because(why);
    }

    private Rollout because(Problem why) {
        return new Rollout(
                rolloutId,
                customerId,
                serviceId,
                version,
                from,
                policy,
                state,
                phase,
                goodSince,
                tolerated,
                Optional.of(why),
                createdAt,
                changedAt);
    }

    Rollout good(@SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<Long> since) {
        return new Rollout(
                rolloutId,
                customerId,
                serviceId,
                version,
                from,
                policy,
                state,
                phase,
                since,
                tolerated,
                reason,
                createdAt,
                changedAt);
    }

    Rollout tolerating(int failures) {
        return new Rollout(
                rolloutId,
                customerId,
                serviceId,
                version,
                from,
                policy,
                state,
                phase,
                goodSince,
                failures,
                reason,
                createdAt,
                changedAt);
    }

    Rollout nextPhase() {
        return new Rollout(
                rolloutId,
                customerId,
                serviceId,
                version,
                from,
                policy,
                state,
                phase + 1,
                Optional.empty(),
                tolerated,
                Optional.empty(),
                createdAt,
                changedAt);
    }

    Rollout by(RolloutPolicy other) {
        return new Rollout(
                rolloutId,
                customerId,
                serviceId,
                version,
                from,
                other,
                state,
                phase,
                goodSince,
                tolerated,
                reason,
                createdAt,
                changedAt);
    }

    Rollout changedAt(long at) {
        return new Rollout(
                rolloutId,
                customerId,
                serviceId,
                version,
                from,
                policy,
                state,
                phase,
                goodSince,
                tolerated,
                reason,
                createdAt,
                at);
    }
}
