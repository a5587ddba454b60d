package io.skerry.spec;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The one unchecked exception of Skerry's own: a {@link Problem} on its way to whoever can tell a person. */
public final class ProblemException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem, @Nullable Throwable cause) {
        super(problem.code() + ": " + problem.message(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    public String code() {
        return problem.code();
    }
}
