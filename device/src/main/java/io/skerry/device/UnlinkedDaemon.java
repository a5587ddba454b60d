package io.skerry.device;

import io.skerry.device.config.DeviceSettings;
import io.skerry.device.identity.TrustedTime;
import io.skerry.device.link.TrafficCount;
import io.skerry.device.revision.Engine;
import io.skerry.device.watch.Watch;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Position;
import io.skerry.spec.status.DeviceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The daemon of a device that can't show its cloud who it is: what was committed is kept running, and the status is only for who
 * looks at the device. Closing it leaves the containers running.
 */
final class UnlinkedDaemon implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(UnlinkedDaemon.class.getName());
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(30);
    private static final Duration DEBOUNCE = Duration.ofSeconds(1);

    /** It is never asked anything, for a fetch ends before it begins. */
    private static final String NO_REGISTRY = "cloud.invalid";

    private final Problem problem;
    private final Engine engine;
    private final StatusBoard board;
    private final Watch watch;
    private final Semaphore changed = new Semaphore(1);
    private final Thread status = Thread.ofVirtual().name("status").unstarted(this::tell);

    /** @param problem why there is no link */
    UnlinkedDaemon(
            DeviceSettings settings,
            Problem problem,
            Host host,
            Watch watch,
            TrustedTime time,
            RandomGenerator random) {
        this.problem = problem;
        this.watch = watch;
        engine = Daemon.engine(
                settings.data(),
                _ -> {
                    throw problem.asException();
                },
                NO_REGISTRY,
                host,
                watch,
                time,
                random);
        board = new StatusBoard(settings.data(), host, engine::standing, TrafficCount.open(settings.data()), time);
        host.containers().onChange(changed::release);
        engine.onChange(changed::release);
    }

    void start() {
        engine.start();
        status.start();
    }

    @Override
    public void close() {
        status.interrupt();
        engine.close();
    }

    private void tell() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                boolean _ = changed.tryAcquire(STATUS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                Thread.sleep(DEBOUNCE);
                changed.drainPermits();
                write();
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "the telling of the status ends", e);
        }
    }

    private void write() {
        try {
            List<Problem> problems = new ArrayList<>(watch.problems());
            problems.addFirst(problem);
            board.write(DeviceStatus.JSON.toJsonBytes(board.status(Position.NONE, problems)));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the status can't be made", e);
        }
    }
}
