package io.skerry.device.watch;

import io.skerry.spec.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Watches over the daemon: as long as each part that must move shows signs of life, systemd and the hardware watchdog, where
 * there are such, get their beats. When one is silent for too long the beats stop and the log says why, so that systemd starts
 * the daemon anew, or the hardware the machine.
 *
 * <p>On a thread of the operating system, since it has to notice also when virtual threads aren't carried on. Safe for use by
 * several threads.
 */
public final class Watch implements LifeSigns, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watch.class.getName());

    /** A daemon on a slow machine with a large disk is still on its way. */
    private static final Duration START_LIMIT = Duration.ofMinutes(10);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    private final WatchedParts parts;
    private final Optional<ServiceNotice> service;
    private final Optional<HardwareWatchdog> hardware;
    private final LifeSign start;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Thread thread = Thread.ofPlatform().name("watch").daemon().unstarted(this::run);
    private boolean closed;
    private String status = "Starting";
    private volatile List<Problem> silent = List.of();

    /**
     * A watchdog of the machine's.
     *
     * @param device such as {@code /dev/watchdog}
     * @param limit after how long without a beat it is to reset the machine
     */
    public record Hardware(Path device, Duration limit) {}

    Watch(LongSupplier nanos, Optional<ServiceNotice> service, Optional<HardwareWatchdog> hardware) {
        this.parts = new WatchedParts(nanos);
        this.service = service;
        this.hardware = hardware;
        this.start = parts.expect("the start", START_LIMIT);
    }

    /**
     * Begins to watch.
     *
     * @param environment tells whether systemd wants to hear of the daemon
     * @param pid this process's number
     * @param nanos a clock that only goes forward, in nanoseconds
     */
    public static Watch begin(
            Map<String, String> environment, long pid, Optional<Hardware> hardware, LongSupplier nanos) {
        Watch watch = new Watch(
                nanos,
                ServiceNotice.of(environment, pid),
                hardware.map(h -> new HardwareWatchdog(h.device(), h.limit(), nanos)));
        watch.turn();
        watch.thread.start();
        return watch;
    }

    @Override
    public LifeSign expect(String part, Duration limit) {
        return parts.expect(part, limit);
    }

    /** The daemon has started. */
    public void ready(String how) {
        lock.lock();
        try {
            parts.release(start);
            status = how;
            service.ifPresent(s -> s.ready(how));
        } finally {
            lock.unlock();
        }
    }

    /** The daemon was told to end: from now on the machine isn't reset for want of beats. */
    public void ending() {
        lock.lock();
        try {
            status = "Ending";
            hardware.ifPresent(HardwareWatchdog::disarm);
            service.ifPresent(ServiceNotice::stopping);
        } finally {
            lock.unlock();
        }
    }

    /** What the status has to tell. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(silent);
        hardware.flatMap(HardwareWatchdog::problem).ifPresent(problems::add);
        return problems;
    }

    /** Ends the beats. The machine's watchdog goes on, and resets it, unless {@link #ending} was said before. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            ended.signalAll();
            service.ifPresent(ServiceNotice::close);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!closed) {
                pause(turn());
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "nobody interrupts the watch", e);
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration length) throws InterruptedException {
        long left = length.toNanos();
        while (!closed && left > 0) {
            left = ended.awaitNanos(left);
        }
    }

    /** Looks, beats if all is well, and says when to look again. */
    Duration turn() {
        lock.lock();
        try {
            List<WatchedParts.Silent> now = parts.silent();
            if (now.isEmpty() != silent.isEmpty()) {
                changed(now);
            }
            silent = now.stream().map(Watch::problem).toList();
            if (now.isEmpty()) {
                service.ifPresent(ServiceNotice::beat);
                hardware.ifPresent(HardwareWatchdog::beat);
            }
            return pauseLength();
        } finally {
            lock.unlock();
        }
    }

    private void changed(List<WatchedParts.Silent> now) {
        if (now.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "all parts of the daemon show signs of life again");
            service.ifPresent(s -> s.status(status));
            return;
        }
        String what = now.stream().map(s -> problem(s).message()).collect(Collectors.joining(" "));
        LOG.log(
                System.Logger.Level.ERROR,
                what + " The watchdogs get no more beats until it does.\n"
                        + now.stream().map(WatchedParts.Silent::where).collect(Collectors.joining("\n")));
        service.ifPresent(s -> s.status(what));
    }

    /** A third of the shortest time that somebody waits for a beat. */
    private Duration pauseLength() {
        Duration pause = LONGEST_PAUSE;
        for (Optional<Duration> limit :
                List.of(service.flatMap(ServiceNotice::limit), hardware.map(HardwareWatchdog::limit))) {
            // Not Duration's own arithmetic: that starts BigDecimal, which costs a boot 20 ms.
            Duration third = limit.map(l -> Duration.ofMillis(l.toMillis() / 3)).orElse(LONGEST_PAUSE);
            pause = third.compareTo(pause) < 0 ? third : pause;
        }
        return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
    }

    private static Problem problem(WatchedParts.Silent silent) {
        return new Problem(
                "daemon.silent",
                "A part of the daemon, " + silent.part() + ", has shown no sign of life for "
                        + silent.silence().toSeconds() + " s.",
                "Nothing is to be done where a watchdog starts the daemon anew; else start it again.");
    }
}
