package io.skerry.cli.session;

import io.skerry.spec.Problem;
import java.time.Duration;

/** How the program waits. */
@FunctionalInterface
public interface Pause {
    void of(Duration duration);

    /** In real time. */
    Pause REAL = duration -> {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("program.interrupted", "The wait was interrupted.").asException(e);
        }
    };
}
