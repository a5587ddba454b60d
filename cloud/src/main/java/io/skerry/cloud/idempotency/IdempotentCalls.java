package io.skerry.cloud.idempotency;

import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a call done once, however often it is sent: also when two run at once, in several processes that share one database, and
 * across restarts. It is kept for a day. Safe for use by several threads; blocks its caller.
 *
 * <p>What is certain is that nothing is done twice. When a process ends, or loses its database for long, between a change and the
 * keeping of its answer, whoever asks again is told that, and not the answer.
 */
public final class IdempotentCalls {
    /** How often {@link #prolong} wants to be called. */
    public static final Duration PROLONGED_EVERY = KeptCalls.HELD.dividedBy(3);

    private static final Logger LOG = LoggerFactory.getLogger(IdempotentCalls.class);
    private static final int MOST_OF_ONE_CALLER = 10_000;
    private static final int LARGEST_ANSWER = 16 << 10;
    /** How many wait here for the answer of one call; each of them takes a request's place. */
    private static final int MOST_WAITING = 4;

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private final KeptCalls kept;
    private final Duration longestWait;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    /** How many wait, by the call's id. */
    private final ConcurrentMap<String, Integer> waiting = new ConcurrentHashMap<>();

    public IdempotentCalls(Storage storage, Ids ids, InstantSource time) {
        this(new KeptCalls(storage, ids, time, MOST_OF_ONE_CALLER), LONGEST_WAIT);
    }

    IdempotentCalls(KeptCalls kept, Duration longestWait) {
        this.kept = kept;
        this.longestWait = longestWait;
    }

    /**
     * What a call came to.
     *
     * @param failed whether it has any error; one that changed nothing isn't kept
     */
    public record Outcome(String answer, boolean failed) {}

    /**
     * Carries the call out, or answers what it was answered before.
     *
     * @param input all that the call asks for
     * @param call carried out by the caller that it is given, so that what it changes is noted as its own
     * @throws io.skerry.spec.ProblemException {@code idempotency.other-input}, {@code idempotency.too-many}, {@code
     *     idempotency.under-way}, {@code idempotency.answer-lost}, {@code storage.…}
     */
    public String once(Caller caller, CallSeal seal, byte[] input, Function<Caller, Outcome> call) {
        long begun = System.nanoTime();
        String inputHash = seal.inputHash(input);
        while (true) {
            switch (kept.claim(seal.callId(), caller.apiKeyId(), inputHash)) {
                case Claim.Granted(String attempt) -> {
                    return carriedOut(attempt, seal, caller, call);
                }
                case Claim.Answered(String answer) -> {
                    return new String(seal.open(answer), StandardCharsets.UTF_8);
                }
                case Claim.Held() -> await(seal.callId(), begun);
                case Claim.Lost() -> throw lost();
                case Claim.OtherInput() -> throw otherInput();
                case Claim.TooMany() -> throw tooMany();
            }
        }
    }

    private String carriedOut(String attempt, CallSeal seal, Caller caller, Function<Caller, Outcome> call) {
        running.add(attempt);
        try {
            Outcome outcome = call.apply(caller.within(attempt));
            keep(attempt, seal, outcome);
            return outcome.answer();
        } finally {
            running.remove(attempt);
        }
    }

    /** The caller is answered in any case: what was done is done. */
    private void keep(String attempt, CallSeal seal, Outcome outcome) {
        byte[] answer = outcome.answer().getBytes(StandardCharsets.UTF_8);
        try {
            kept.end(
                    attempt,
                    answer.length > LARGEST_ANSWER ? Optional.empty() : Optional.of(seal.seal(answer)),
                    outcome.failed());
        } catch (RuntimeException e) {
            LOG.warn("The answer of an idempotent call could not be kept; a repetition will be told so.", e);
        }
    }

    private void await(String callId, long begun) {
        if (waiting.merge(callId, 1, Integer::sum) > MOST_WAITING) {
            left(callId);
            throw underWay();
        }
        try {
            awaitEnd(callId, begun);
        } finally {
            left(callId);
        }
    }

    private void left(String callId) {
        waiting.merge(callId, -1, Integer::sum);
        waiting.remove(callId, 0);
    }

    private void awaitEnd(String callId, long begun) {
        long pause = 5;
        while (kept.isHeld(callId)) {
            if (System.nanoTime() - begun > longestWait.toNanos()) {
                throw underWay();
            }
            try {
                // Whoever holds it may be another process, which tells nobody when it is done.
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw underWay();
            }
            pause = Math.min(LONGEST_PAUSE.toMillis(), pause * 2);
        }
    }

    /** Keeps the calls that run here from being taken for dead. */
    public void prolong() {
        List<String> attempts = List.copyOf(running);
        if (!attempts.isEmpty()) {
            kept.prolong(attempts);
        }
    }

    /** Forgets what is older than a day; called now and then. */
    public void forgetOld() {
        kept.forgetOld();
    }

    private static RuntimeException lost() {
        return new Problem(
                        "idempotency.answer-lost",
                        "This call was carried out and changed something, but what it was answered wasn't kept.",
                        "Look at what it changed, for example with Authz_get_audit_log. To have it done once more, send another"
                                + " idempotency key.")
                .asException();
    }

    private static RuntimeException otherInput() {
        return new Problem(
                        "idempotency.other-input",
                        "This idempotency key was used for another call.",
                        "Send another key with each call that asks for something else.")
                .asException();
    }

    private static RuntimeException tooMany() {
        return new Problem(
                        "idempotency.too-many",
                        "As many calls of this API key with idempotency keys are being carried out as there may be.",
                        "Send it again once some of them have ended, or use further API keys.")
                .asException();
    }

    private static RuntimeException underWay() {
        return new Problem(
                        "idempotency.under-way",
                        "The same call is still being carried out.",
                        "Send it again with the same idempotency key in a while.")
                .asException();
    }
}
