package io.skerry.device.container;

import io.skerry.device.container.Launcher.Running;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Exit;
import io.skerry.spec.status.ContainerStatus.State;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Keeps one container as its restart policy and its health check want it, on a virtual thread of its own. All state is that
 * thread's (before it begins, the maker's); others read {@link #status()} and may {@link #wake} or {@link #end} it.
 */
final class Supervision {
    private static final System.Logger LOG = System.getLogger(Supervision.class.getName());
    private static final Duration LOOK_AFTER = Duration.ofSeconds(2);

    private final ContainerFolder folder;
    private final ContainerRecord record;
    private final Keeping keeping;
    private final Semaphore wake = new Semaphore(0);
    private final HealthWatch health;
    private final Thread thread;
    private volatile boolean ended;
    private volatile ContainerStatus status;

    private State state = State.WAITING;
    private Running running = Running.NOTHING;
    private BackOff backOff = BackOff.NONE;
    private Optional<Exit> lastExit = Optional.empty();
    private int restarts;
    private long startedAt;
    private long startedNanos;
    private long nextStart;
    private long nextLook;
    private boolean again;

    Supervision(ContainerFolder folder, ContainerRecord record, Keeping keeping) {
        this.folder = folder;
        this.record = record;
        this.keeping = keeping;
        Optional<HealthCheck> check =
                record.container().health().or(() -> record.prepared().config().health());
        this.health = new HealthWatch(folder, check, keeping.probe(), wake::release);
        this.status = describe();
        this.thread = Thread.ofVirtual().name("container-" + folder.name()).unstarted(this::supervise);
    }

    ContainerRecord record() {
        return record;
    }

    ContainerStatus status() {
        return status;
    }

    /** Says that something may have happened. */
    void wake() {
        wake.release();
    }

    /**
     * Starts the container for the first time and begins to keep it.
     *
     * @throws ProblemException {@code container.…}; it isn't kept then
     */
    void start() throws IOException {
        launched(keeping.launcher().launch(folder, record));
        thread.start();
    }

    /** Goes on with a container that an earlier daemon process left, running or not; what fails of it is tried again. */
    void resume(Optional<RunRecord> last) {
        try {
            takeUp(last);
        } catch (ProblemException e) {
            LOG.log(Level.WARNING, () -> "container " + folder.name() + ": " + said(e));
            failed(said(e));
        }
        status = describe();
        thread.start();
    }

    private void takeUp(Optional<RunRecord> last) {
        last.ifPresent(run -> {
            restarts = run.restarts();
            lastExit = run.lastExit();
            startedAt = run.startedAt();
        });
        boolean sameBoot = last.filter(r -> r.bootId().equals(keeping.bootId())).isPresent();
        if (sameBoot) {
            backOff = new BackOff(last.get().ends());
            again = last.get().startedAt() != 0;
        }
        if (sameBoot && last.get().stopped()) {
            state = State.STOPPED;
        } else if (sameBoot && last.get().init().pid() != 0) {
            runs(new Running(last.get().init(), last.get().conmon()));
        } else {
            Running found = sameBoot ? keeping.launcher().found(folder) : Running.NOTHING;
            if (found.init().pid() != 0) {
                runs(found);
                startedAt = keeping.clock().millis();
            } else {
                // A machine's boot starts everything anew, also what had ended in the last one.
                keeping.launcher().tidy(folder, Running.NOTHING);
                startIn(sameBoot ? backOff.delay() : Duration.ZERO);
            }
        }
    }

    /** Ends the keeping, not the container; waits for what is being done to it. What runs then. */
    Running end() {
        ended = true;
        wake.release();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return running;
    }

    private void supervise() {
        settle();
        while (!ended) {
            try {
                step();
            } catch (ProblemException | IOException e) {
                LOG.log(Level.WARNING, () -> "container " + folder.name() + ": " + said(e));
                failed(said(e));
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "container " + folder.name() + " can't be kept as it should be", e);
                failed("the daemon failed: " + e);
            }
            publish();
            sleep();
        }
        health.stop();
    }

    /** Off the way of the start: whoever asked for the container asks again if power fails before. */
    private void settle() {
        try {
            Records.settle(folder);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the record of container " + folder.name() + " isn't safe from a loss of power", e);
        }
    }

    private static String said(Exception e) {
        return e instanceof ProblemException p ? p.problem().sentence() : String.valueOf(e.getMessage());
    }

    private void sleep() {
        if (ended) {
            return;
        }
        long now = System.nanoTime();
        Duration pause = switch (state) {
            case RUNNING -> Duration.ofNanos(Math.min(nextLook - now, health.nanosToNext(now)));
            case BACKING_OFF -> Duration.ofNanos(nextStart - now);
            case WAITING, MOUNTED, STOPPED, GIVEN_UP -> Duration.ofDays(1);
        };
        try {
            boolean _ = wake.tryAcquire(Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS);
            wake.drainPermits();
        } catch (InterruptedException _) {
            // Nobody interrupts this thread; if somebody did, looking once more does no harm.
        }
    }

    private void step() throws IOException {
        switch (state) {
            case RUNNING -> watch();
            case BACKING_OFF -> {
                if (System.nanoTime() >= nextStart) {
                    startAgain();
                }
            }
            case WAITING, MOUNTED, STOPPED, GIVEN_UP -> {}
        }
    }

    private void watch() {
        OptionalInt code = keeping.exits().code(folder.name());
        long now = System.nanoTime();
        if (code.isEmpty() && now >= nextLook) {
            nextLook = now + LOOK_AFTER.toNanos();
            if (!keeping.processes().run(running.conmon())) {
                // Without conmon nobody tells of its end, so it can't go on; but conmon may have told before it ended.
                code = OptionalInt.of(keeping.exits().code(folder.name()).orElse(Ending.KILLED));
            } else {
                rotateLog();
            }
        }
        if (code.isPresent()) {
            exited(code.getAsInt(), false);
        } else if (health.step(running.init(), now, Duration.ofNanos(now - startedNanos))) {
            publish();
            LOG.log(Level.WARNING, () -> "container " + folder.name() + " is unhealthy and is started again");
            exited(keeping.launcher().end(folder, record).orElse(Ending.KILLED), true);
        }
    }

    private void exited(int code, boolean byUs) {
        long oomKills = keeping.cgroups().oomKills(keeping.launcher().cgroup(folder));
        Cause cause = byUs ? Cause.STOPPED : Ending.cause(code, oomKills);
        Running was = running;
        running = Running.NOTHING;
        health.stop();
        lastExit = Optional.of(new Exit(code, cause, keeping.clock().millis()));
        backOff = backOff.afterRunOf(Duration.ofNanos(System.nanoTime() - startedNanos));
        again = true;
        if (Ending.restarts(record.container().restart(), cause, code)) {
            startIn(cause == Cause.REBOOTED ? backOff.delayAfterReboot() : backOff.delay());
        } else {
            state = State.STOPPED;
        }
        LOG.log(Level.INFO, () -> "container " + folder.name() + " ended with " + code + " (" + cause.word() + ")");
        note();
        tidy(was);
    }

    private void startAgain() throws IOException {
        if (again) {
            restarts++;
        }
        again = true;
        launched(keeping.launcher().launch(folder, record));
    }

    /** What was begun is undone, and tried again later. */
    private void failed(String message) {
        health.failed(message);
        Running was = running;
        running = Running.NOTHING;
        backOff = backOff.afterRunOf(Duration.ZERO);
        startIn(backOff.delay());
        tidy(was);
    }

    /** What can't be removed now is removed before the next start; it is no reason for one. */
    private void tidy(Running was) {
        try {
            keeping.launcher().tidy(folder, was);
        } catch (ProblemException e) {
            LOG.log(Level.WARNING, () -> "container " + folder.name() + ": " + said(e));
        }
    }

    private void launched(Running now) {
        runs(now);
        startedAt = keeping.clock().millis();
        note();
        publish();
    }

    private void runs(Running now) {
        running = now;
        state = State.RUNNING;
        startedNanos = System.nanoTime();
        nextLook = startedNanos + LOOK_AFTER.toNanos();
        health.begin(startedNanos);
    }

    private void startIn(Duration delay) {
        state = State.BACKING_OFF;
        nextStart = System.nanoTime() + delay.toNanos();
    }

    /** A full disk is no reason to end what runs: the log stays bounded by conmon. */
    private void rotateLog() {
        try {
            LogRotation.rotate(folder);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the log of container " + folder.name() + " can't be rotated", e);
        }
    }

    /** Nor is it one here: without the note the next daemon process takes longer to find out. */
    private void note() {
        RunRecord run = new RunRecord(
                keeping.bootId(),
                running.init(),
                running.conmon(),
                startedAt,
                restarts,
                backOff.ends(),
                state == State.STOPPED,
                lastExit);
        try {
            Records.write(folder, run);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "how container " + folder.name() + " runs can't be noted", e);
        }
    }

    private void publish() {
        ContainerStatus next = describe();
        if (!next.equals(status)) {
            status = next;
            keeping.changed().run();
        }
    }

    private ContainerStatus describe() {
        return new ContainerStatus(
                folder.name(),
                record.container().service(),
                record.prepared().manifest(),
                state,
                health.state().health(),
                startedAt,
                restarts,
                lastExit,
                health.state().message());
    }
}
