package io.skerry.cloud.web;

import io.skerry.spec.Problem;
import java.io.Serial;

/** A problem that has an HTTP status of its own, on its way to the answer. */
public final class HttpProblem extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Problem problem;

    public HttpProblem(int status, Problem problem) {
        super(status + " " + problem.code());
        this.status = status;
        this.problem = problem;
    }

    public int status() {
        return status;
    }

    public Problem problem() {
        return problem;
    }
}
