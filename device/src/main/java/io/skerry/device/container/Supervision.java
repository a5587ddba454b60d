package io.skerry.device.container;

import io.skerry.device.container.Launcher.Running;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.RestartPolicy;
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
    private final Course course;
    private final HealthWatch health;
    private final Thread thread;
    private volatile boolean ended;
    private volatile ContainerStatus status;
    private long nextLook;

    Supervision(ContainerFolder folder, ContainerRecord record, Keeping keeping) {
        this.folder = folder;
        this.record = record;
        this.keeping = keeping;
        this.course = new Course(record.container());
        this.health = new HealthWatch(folder, record, keeping.probe(), wake::release);
        this.status = describe();
        this.thread = Thread.ofVirtual().name("container-" + folder.id()).unstarted(this::supervise);
    }

    ContainerStatus status() {
        return status;
    }

    /** Says that something may have happened. */
    void wake() {
        wake.release();
    }

    /**
     * Starts the container for the first time, or for the first time in this boot of the machine, and begins to keep it.
     *
     * @param before what was noted of it before the machine was booted
     * @throws ProblemException {@code container.…}; it isn't kept then
     */
    void start(Optional<RunRecord> before) throws IOException {
        before.ifPresent(course::afterReboot);
        if (before.isPresent() && staysHalted(before.get())) {
            course.staysEnded();
            note();
        } else {
            bringUp();
        }
        status = describe();
        thread.start();
    }

    /** Whether it halted itself in an earlier boot, be it that nobody saw it, and isn't to be started by another one. */
    private boolean staysHalted(RunRecord before) {
        if (record.container().restart() != RestartPolicy.UNLESS_STOPPED || record.mounted()) {
            return false;
        }
        OptionalInt unseen =
                before.init().pid() == 0 ? OptionalInt.empty() : keeping.exits().code(folder.id());
        if (unseen.isPresent() && Ending.cause(unseen.getAsInt(), 0) == Cause.HALTED) {
            course.sawEnd(
                    new Exit(unseen.getAsInt(), Cause.HALTED, keeping.clock().millis()));
            return true;
        }
        return before.halted();
    }

    /** Goes on with a container that an earlier daemon process left in this boot; what fails of it is tried again. */
    void resume(RunRecord last) {
        try {
            takeUp(last);
        } catch (ProblemException | IOException e) {
            LOG.log(Level.WARNING, () -> "container " + folder.id() + ": " + said(e));
            failed(said(e));
        }
        status = describe();
        thread.start();
    }

    private void takeUp(RunRecord last) throws IOException {
        long now = System.nanoTime();
        course.goOn(last, now);
        switch (course.state()) {
            case RUNNING -> watchFrom(now);
            case STOPPED, GIVEN_UP -> {}
            case WAITING, MOUNTED, BACKING_OFF -> {
                if (record.mounted()) {
                    bringUp();
                    return;
                }
                Running found = keeping.launcher().found(folder);
                if (found.init().pid() != 0) {
                    course.runs(found, keeping.clock().millis(), now);
                    watchFrom(now);
                } else {
                    keeping.launcher().tidy(folder, Running.NOTHING);
                    course.foundEnded(now);
                }
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
        return course.running();
    }

    private void supervise() {
        settle();
        while (!ended) {
            try {
                step();
            } catch (ProblemException | IOException e) {
                LOG.log(Level.WARNING, () -> "container " + folder.id() + ": " + said(e));
                failed(said(e));
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "container " + folder.id() + " can't be kept as it should be", e);
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
            LOG.log(Level.WARNING, "the record of container " + folder.id() + " isn't safe from a loss of power", e);
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
        Duration pause = switch (course.state()) {
            case RUNNING -> Duration.ofNanos(Math.min(nextLook - now, health.nanosToNext(now)));
            case BACKING_OFF -> course.untilStart(now);
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
        if (course.state() == State.RUNNING) {
            watch();
        } else if (course.startDue(System.nanoTime())) {
            course.startsAgain();
            bringUp();
        }
    }

    private void watch() {
        Running running = course.running();
        OptionalInt code = keeping.exits().code(folder.id());
        long now = System.nanoTime();
        if (code.isEmpty() && now >= nextLook) {
            nextLook = now + LOOK_AFTER.toNanos();
            if (!keeping.processes().run(running.conmon())) {
                // Without conmon nobody tells of its end, so it can't go on; but conmon may have told before it ended.
                code = OptionalInt.of(keeping.exits().code(folder.id()).orElse(Ending.KILLED));
            } else {
                rotateLog();
            }
        }
        if (code.isPresent()) {
            exited(code.getAsInt(), false);
        } else if (health.step(running.init(), now, course.sinceStart(now))) {
            publish();
            LOG.log(Level.WARNING, () -> "container " + folder.id() + " is unhealthy and is started again");
            exited(keeping.launcher().end(folder, record).orElse(Ending.KILLED), true);
        }
    }

    private void exited(int code, boolean byUs) {
        long oomKills = keeping.cgroups().oomKills(keeping.launcher().cgroup(folder));
        Cause cause = byUs ? Cause.STOPPED : Ending.cause(code, oomKills);
        Running was = course.running();
        health.stop();
        course.ended(new Exit(code, cause, keeping.clock().millis()), System.nanoTime());
        LOG.log(Level.INFO, () -> "container " + folder.id() + " ended with " + code + " (" + cause.word() + ")");
        note();
        tidy(was);
    }

    /** What was begun is undone, and tried again later. */
    private void failed(String message) {
        health.failed(message);
        Running was = course.running();
        course.failed(System.nanoTime());
        tidy(was);
    }

    /** What can't be removed now is removed before the next start; it is no reason for one. */
    private void tidy(Running was) {
        try {
            keeping.launcher().tidy(folder, was);
        } catch (ProblemException e) {
            LOG.log(Level.WARNING, () -> "container " + folder.id() + ": " + said(e));
        }
    }

    private void bringUp() throws IOException {
        if (record.mounted()) {
            keeping.launcher().mount(folder, record);
            course.mounted(keeping.clock().millis());
            health.mounted();
        } else {
            Running now = keeping.launcher().launch(folder, record);
            long began = System.nanoTime();
            course.runs(now, keeping.clock().millis(), began);
            watchFrom(began);
        }
        note();
        publish();
    }

    private void watchFrom(long now) {
        nextLook = now + LOOK_AFTER.toNanos();
        health.begin(now);
    }

    /** A full disk is no reason to end what runs: the log stays bounded by conmon. */
    private void rotateLog() {
        try {
            LogRotation.rotate(folder);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the log of container " + folder.id() + " can't be rotated", e);
        }
    }

    /** Nor is it one here: without the note the next daemon process takes longer to find out. */
    private void note() {
        try {
            Records.write(folder, course.note(keeping.bootId()));
        } catch (ProblemException | IOException e) {
            LOG.log(Level.WARNING, "how container " + folder.id() + " runs can't be noted", e);
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
                course.state(),
                health.state().health(),
                course.startedAt(),
                course.restarts(),
                course.lastExit(),
                health.state().message());
    }
}
