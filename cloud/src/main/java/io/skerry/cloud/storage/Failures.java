package io.skerry.cloud.storage;

import io.skerry.spec.ProblemException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What failures of pieces of work are called here. */
final class Failures {
    private final Engine engine;

    Failures(Engine engine) {
        this.engine = engine;
    }

    Trouble judge(Throwable thrown) {
        return database(thrown).map(engine::judge).orElse(Trouble.OTHER);
    }

    /** The database's failure behind another one. */
    static Optional<SQLException> database(Throwable thrown) {
        for (@Nullable Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }

    /** A constraint's violation as one, a lost connection as a problem, everything else as it is. */
    RuntimeException asThrown(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof ProblemException problem) {
            return problem;
        }
        Trouble trouble = judge(thrown);
        if (trouble.violation().isPresent()) {
            return new ConstraintViolation(trouble.violation().get(), thrown);
        }
        if (trouble == Trouble.LOST) {
            return engine.unavailable(database(thrown).orElseThrow()).asException(thrown);
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }
}
