package io.skerry.device.container;

import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.status.ContainerStatus.Health;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * When one container is checked, and what came of it. Checks run on threads of their own, at most one at a time, so that one
 * that hangs delays nothing else. One without a check may be waited for until it says by a file that it is ready. Apart from
 * the checks' threads it belongs to one thread.
 */
final class HealthWatch {
    private static final long SOONEST_LOOK = Duration.ofMillis(50).toNanos();
    private static final long LATEST_LOOK = Duration.ofSeconds(1).toNanos();

    private final ContainerFolder folder;
    private final Optional<HealthCheck> check;
    private final boolean saysItself;
    private final HealthProbe probe;
    private final Runnable answered;
    private HealthState state;
    private @Nullable Question asking;
    private long next;

    /** One check under way. Its answer is its own, so that none of an earlier run can take the place of a later one. */
    private record Question(Thread thread, AtomicReference<@Nullable Optional<String>> answer) {}

    /** @param answered called when a check has been answered, on its thread */
    HealthWatch(ContainerFolder folder, ContainerRecord record, HealthProbe probe, Runnable answered) {
        this.folder = folder;
        this.check =
                record.container().health().or(() -> record.prepared().config().health());
        this.saysItself = check.isEmpty() && record.goal() == Goal.READY;
        this.probe = probe;
        this.answered = answered;
        this.state = HealthState.starting("");
    }

    HealthState state() {
        return state;
    }

    /** A new run of the container has begun. */
    void begin(long now) {
        next = now;
        state = check.isPresent() || (saysItself && !HostFolder.said(folder.readyWord()))
                ? HealthState.starting(state.message())
                : HealthState.unchecked(state.message());
    }

    /** It is only mounted, so nothing of it can fail. */
    void mounted() {
        state = HealthState.unchecked(state.message());
    }

    /** The run has ended. */
    void stop() {
        state = HealthState.starting(state.message());
        Question question = asking;
        if (question != null) {
            question.thread().interrupt();
            asking = null;
        }
    }

    /** The container couldn't be started. */
    void failed(String message) {
        stop();
        state = new HealthState(state.health(), 0, io.skerry.spec.Text.shortened(message, 400));
    }

    /** How long nothing needs to be done. */
    long nanosToNext(long now) {
        return (check.isEmpty() && !awaitsWord()) || asking != null ? Long.MAX_VALUE : next - now;
    }

    /** Takes an answer, asks when it is time. Whether the container is to be started again. */
    boolean step(ProcessId init, long now, Duration sinceStart) {
        if (check.isEmpty()) {
            lookForWord(now, sinceStart);
            return false;
        }
        HealthCheck asked = check.get();
        Optional<String> got = asking == null ? null : asking.answer().get();
        if (got != null) {
            asking = null;
            state = got.map(said -> state.failed(said, asked.timing(), sinceStart))
                    .orElseGet(state::passed);
            next = now + state.pause(asked.timing(), sinceStart).toNanos();
            if (state.restartDue(asked.timing())) {
                return true;
            }
        }
        if (asking == null && now >= next) {
            asking = ask(init, asked);
        }
        return false;
    }

    private boolean awaitsWord() {
        return saysItself && state.health() == Health.STARTING;
    }

    private void lookForWord(long now, Duration sinceStart) {
        if (awaitsWord() && now >= next) {
            if (HostFolder.said(folder.readyWord())) {
                state = state.passed();
            } else {
                next = now + Math.clamp(sinceStart.toNanos() / 10, SOONEST_LOOK, LATEST_LOOK);
            }
        }
    }

    private Question ask(ProcessId init, HealthCheck check) {
        AtomicReference<@Nullable Optional<String>> answer = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().name("health-" + folder.name()).start(() -> {
            try {
                answer.set(probe.failure(folder, init, check));
            } catch (RuntimeException e) {
                // Without an answer there would never be another check.
                answer.set(Optional.of("the check itself failed: " + e));
            }
            answered.run();
        });
        return new Question(thread, answer);
    }
}
