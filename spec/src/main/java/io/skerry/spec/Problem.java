package io.skerry.spec;

import io.avaje.jsonb.Json;

/**
 * What went wrong, for programs and for people.
 *
 * @param code stable and dotted, for example {@code image.not-found}; programs may depend on it
 * @param message one sentence that names the thing; never a secret, never a stack trace
 * @param remedy one sentence that says what to do; empty when there is nothing to do
 */
@Json
public record Problem(String code, String message, String remedy) {
    public Problem {
        Required.field(code, "code");
        Required.field(message, "message");
        Required.field(remedy, "remedy");
    }

    public Problem(String code, String message) {
        this(code, message, "");
    }

    /** This problem, ready to be thrown. */
    public ProblemException asException() {
        return new ProblemException(this, null);
    }

    /** This problem, ready to be thrown, with what brought it about. */
    public ProblemException asException(Throwable cause) {
        return new ProblemException(this, cause);
    }

    /** Message and remedy as one line. */
    public String sentence() {
        return remedy.isEmpty() ? message : message + " " + remedy;
    }
}
