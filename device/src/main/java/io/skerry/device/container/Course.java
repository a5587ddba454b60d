package io.skerry.device.container;

import io.skerry.device.container.Launcher.Running;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Exit;
import io.skerry.spec.status.ContainerStatus.State;
import java.time.Duration;
import java.util.Optional;

/**
 * Where one container stands between its starts and its ends, and what its restart policy and its recovery make of these. Acts on
 * nothing; {@code now} is the caller's {@link System#nanoTime}. One thread's own.
 */
final class Course {
    private final RestartPolicy policy;
    private BackOff backOff;
    private State state = State.WAITING;
    private Running running = Running.NOTHING;
    private Optional<Exit> lastExit = Optional.empty();
    private int restarts;
    private long startedAt;
    private long startedNanos;
    private long nextStart;
    private boolean again;

    Course(Container container) {
        this.policy = container.restart();
        this.backOff = BackOff.none(container.recovery().orElse(Recovery.DEFAULT));
    }

    State state() {
        return state;
    }

    Running running() {
        return running;
    }

    Optional<Exit> lastExit() {
        return lastExit;
    }

    int restarts() {
        return restarts;
    }

    /** When it was started last, milliseconds since 1970. */
    long startedAt() {
        return startedAt;
    }

    Duration sinceStart(long now) {
        return Duration.ofNanos(now - startedNanos);
    }

    /** What was noted of it in an earlier boot of the machine, which begins all anew but for what is told. */
    void afterReboot(RunRecord last) {
        restarts = last.restarts();
        lastExit = last.lastExit();
        startedAt = last.startedAt();
    }

    /** What was noted of it by an earlier daemon process in this boot. */
    void goOn(RunRecord last, long now) {
        afterReboot(last);
        backOff = new BackOff(backOff.recovery(), last.ends());
        again = last.startedAt() != 0;
        if (last.stopped()) {
            state = State.STOPPED;
        } else if (last.givenUp()) {
            state = State.GIVEN_UP;
        } else if (last.init().pid() != 0) {
            runs(new Running(last.init(), last.conmon()), last.startedAt(), now);
        }
    }

    /** It had ended so before, which nobody saw then. */
    void sawEnd(Exit exit) {
        lastExit = Optional.of(exit);
    }

    /** It had halted itself and is to stay so. */
    void staysEnded() {
        state = State.STOPPED;
    }

    /** It was found ended: it waits as after any other end. */
    void foundEnded(long now) {
        startIn(backOff.delay(), now);
    }

    void runs(Running what, long atMillis, long now) {
        running = what;
        state = State.RUNNING;
        startedAt = atMillis;
        startedNanos = now;
        again = true;
    }

    void mounted(long atMillis) {
        state = State.MOUNTED;
        startedAt = atMillis;
        again = true;
    }

    /** Its run ended so. */
    void ended(Exit exit, long now) {
        running = Running.NOTHING;
        lastExit = Optional.of(exit);
        backOff = backOff.afterRunOf(sinceStart(now));
        if (Ending.restarts(policy, exit.cause(), exit.code())) {
            retry(exit.cause() == Cause.REBOOTED ? backOff.delayAfterReboot() : backOff.delay(), now);
        } else {
            state = State.STOPPED;
        }
    }

    /** It couldn't be started, or not be kept; that is tried again whatever its policy, because it didn't end. */
    void failed(long now) {
        running = Running.NOTHING;
        backOff = backOff.afterRunOf(Duration.ZERO);
        retry(backOff.delay(), now);
    }

    private void retry(Duration delay, long now) {
        if (backOff.givesUp()) {
            state = State.GIVEN_UP;
        } else {
            startIn(delay, now);
        }
    }

    private void startIn(Duration delay, long now) {
        state = State.BACKING_OFF;
        nextStart = now + delay.toNanos();
    }

    boolean startDue(long now) {
        return state == State.BACKING_OFF && now >= nextStart;
    }

    Duration untilStart(long now) {
        return Duration.ofNanos(nextStart - now);
    }

    /** It is about to be started again. */
    void startsAgain() {
        backOff = backOff.atStart();
        if (again) {
            restarts++;
        }
        again = true;
    }

    RunRecord note(String bootId) {
        return new RunRecord(
                bootId,
                running.init(),
                running.conmon(),
                startedAt,
                restarts,
                backOff.ends(),
                state == State.STOPPED,
                state == State.GIVEN_UP,
                lastExit);
    }
}
