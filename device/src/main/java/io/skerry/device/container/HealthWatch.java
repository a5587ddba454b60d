package io.skerry.device.container;

import io.skerry.spec.desired.HealthCheck;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * When one container is checked, and what came of it. Checks run on threads of their own, at most one at a time, so that one
 * that hangs delays nothing else. Apart from those it belongs to one thread.
 */
final class HealthWatch {
    private final ContainerFolder folder;
    private final Optional<HealthCheck> check;
    private final HealthProbe probe;
    private final Runnable answered;
    private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
    private HealthState state;
    private @Nullable Thread asking;
    private long run;
    private long next;

    private record Answer(long run, Optional<String> failure) {}

    /** @param answered called when a check has been answered, on its thread */
    HealthWatch(ContainerFolder folder, Optional<HealthCheck> check, HealthProbe probe, Runnable answered) {
        this.folder = folder;
        this.check = check;
        this.probe = probe;
        this.answered = answered;
        this.state = HealthState.starting("");
    }

    HealthState state() {
        return state;
    }

    /** A new run of the container has begun. */
    void begin(long now) {
        run++;
        next = now;
        state = check.isPresent() ? HealthState.starting(state.message()) : HealthState.unchecked(state.message());
    }

    /** The run has ended. */
    void stop() {
        run++;
        state = HealthState.starting(state.message());
        Thread thread = asking;
        if (thread != null) {
            thread.interrupt();
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
        return check.isEmpty() || asking != null ? Long.MAX_VALUE : next - now;
    }

    /** Takes an answer, asks when it is time. Whether the container is to be started again. */
    boolean step(ProcessId init, long now, Duration sinceStart) {
        if (check.isEmpty()) {
            return false;
        }
        HealthCheck asked = check.get();
        Answer got = answer.getAndSet(null);
        if (got != null && got.run() == run) {
            asking = null;
            state = got.failure()
                    .map(said -> state.failed(said, asked.timing(), sinceStart))
                    .orElseGet(state::passed);
            next = now + state.pause(asked.timing(), sinceStart).toNanos();
            if (state.restartDue(asked.timing())) {
                return true;
            }
        }
        if (asking == null && now >= next) {
            long asker = run;
            asking = Thread.ofVirtual().name("health-" + folder.name()).start(() -> {
                answer.set(new Answer(asker, probe.failure(folder, init, asked)));
                answered.run();
            });
        }
        return false;
    }
}
