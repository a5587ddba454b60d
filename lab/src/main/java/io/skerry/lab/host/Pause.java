package io.skerry.lab.host;

import io.skerry.spec.Problem;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for the world outside. */
public final class Pause {
    private Pause() {}

    /** @throws io.skerry.spec.ProblemException {@code host.interrupted} */
    public static void of(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "Waiting was interrupted.").asException(e);
        }
    }

    /** Whether the condition came true in time; asks often at first, then ten times a second. */
    public static boolean until(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        long millis = 10;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            of(Duration.ofMillis(millis));
            millis = Math.min(100, millis + 10);
        }
        return true;
    }

    /** Whether the condition came true in time; asks at this interval, since asking costs the one who is asked. */
    public static boolean until(Duration limit, Duration interval, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            of(interval);
        }
        return true;
    }
}
