package io.skerry.device.watch;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A watchdog that resets the machine when it gets no beat for some time (the kernel's watchdog API,
 * Documentation/watchdog/watchdog-api.rst). Where it can't be used it is tried again now and then. For one thread, but for
 * {@link #problem}.
 */
final class HardwareWatchdog {
    private static final System.Logger LOG = System.getLogger(HardwareWatchdog.class.getName());
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

    private final Path device;
    private final Duration asked;
    private final LongSupplier nanos;
    private Optional<WatchdogDevice> armed = Optional.empty();
    private Duration limit;
    private boolean ended;
    private long nextTry;
    private volatile Optional<Problem> problem = Optional.empty();

    /** @param asked after how long without a beat the machine is to be reset; the device may grant another time */
    HardwareWatchdog(Path device, Duration asked, LongSupplier nanos) {
        this.device = device;
        this.asked = asked;
        this.limit = asked;
        this.nanos = nanos;
        this.nextTry = nanos.getAsLong();
    }

    /** After how long without a beat the machine is reset. */
    Duration limit() {
        return limit;
    }

    /** Why there is none, though it is configured. */
    Optional<Problem> problem() {
        return problem;
    }

    /** All is well. Arms it at first. */
    void beat() {
        if (armed.isEmpty()) {
            arm();
            return;
        }
        try {
            armed.get().beat();
            problem = Optional.empty();
        } catch (IOException e) {
            failed("it takes no beats: " + e.getMessage(), e);
        }
    }

    /** The daemon ends because it was told to: the machine isn't to be reset, and it isn't armed again. */
    void disarm() {
        ended = true;
        try {
            if (armed.isPresent()) {
                armed.get().disarm();
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the watchdog " + device + " can't be stopped and will reset the machine: " + e.getMessage(),
                    e);
        }
        armed = Optional.empty();
    }

    private void arm() {
        if (ended || nanos.getAsLong() - nextTry < 0) {
            return;
        }
        nextTry = nanos.getAsLong() + TRY_AGAIN.toNanos();
        Optional<LinuxCalls> calls = LinuxCalls.load();
        if (calls.isEmpty()) {
            failed("this Java can't call the C library", new UnsupportedOperationException("no foreign functions"));
            return;
        }
        try {
            WatchdogDevice found = WatchdogDevice.open(calls.get(), device);
            limit = found.arm(asked);
            armed = Optional.of(found);
            problem = Optional.empty();
            LOG.log(
                    System.Logger.Level.INFO,
                    "the watchdog {0} resets the machine after {1} s without a beat",
                    device,
                    limit.toSeconds());
        } catch (IOException e) {
            failed(String.valueOf(e.getMessage()), e);
        }
    }

    private void failed(String why, Exception e) {
        if (problem.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "the watchdog " + device + " can't be used: " + why, e);
        }
        problem = Optional.of(new Problem(
                "watchdog.unusable",
                "The hardware watchdog " + device + " can't be used: " + why + ".",
                "Look at watchdog_device in device.json, whether the device's driver is loaded, and that nobody else has it"
                        + " open (as systemd with RuntimeWatchdogSec has)."));
    }
}
