package io.skerry.content.registry;

import java.io.IOException;
import java.io.Serial;
import java.util.Optional;

/** A server's word that it can't answer now: overload, maintenance, a limit. Worth another try later. */
final class PassingFailure extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Optional<String> retryAfter;

    PassingFailure(int status, Optional<String> retryAfter) {
        super("HTTP " + status);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    int status() {
        return status;
    }

    Optional<String> retryAfter() {
        return retryAfter;
    }
}
