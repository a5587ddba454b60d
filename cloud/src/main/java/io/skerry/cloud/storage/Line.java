package io.skerry.cloud.storage;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread's connection: opened when it is needed, and again after it was lost. While none can be had, whoever asks is
 * told so at once, and it is tried again at the first call after a pause that grows to {@link #LONGEST_PAUSE}, or once
 * another line to the same database could be opened.
 */
final class Line implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Line.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Engine engine;
    private final ConnectionFactory connections;
    private final AtomicLong openings;
    private @Nullable Handle handle;
    private @Nullable SQLException refusal;
    private Duration pause = FIRST_PAUSE;
    private long notBefore;
    private long openingsWhenRefused;

    /** @param openings how many connections were opened to the same database by all its lines together */
    Line(Engine engine, ConnectionFactory connections, AtomicLong openings) {
        this.engine = engine;
        this.connections = connections;
        this.openings = openings;
    }

    /**
     * The connection.
     *
     * @throws io.skerry.spec.ProblemException {@code storage.unavailable}, or why else it can't be had
     */
    Handle handle() {
        if (handle != null) {
            return handle;
        }
        if (refusal != null && System.nanoTime() - notBefore < 0 && openings.get() == openingsWhenRefused) {
            throw engine.unavailable(refusal).asException(refusal);
        }
        try {
            handle = Handles.open(connections);
        } catch (ConnectionException e) {
            SQLException failure = Failures.database(e).orElseGet(() -> new SQLException(e));
            refused(failure);
            throw engine.unavailable(failure).asException(failure);
        }
        openings.incrementAndGet();
        if (refusal != null) {
            LOG.info("The database answers again.");
        }
        refusal = null;
        pause = FIRST_PAUSE;
        return handle;
    }

    private void refused(SQLException failure) {
        if (refusal == null) {
            LOG.warn("{} ({})", engine.unavailable(failure).sentence(), failure.getMessage());
        }
        refusal = failure;
        openingsWhenRefused = openings.get();
        notBefore = System.nanoTime() + pause.toNanos();
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }

    /** Forgets the connection: the next call opens another one. */
    void drop() {
        if (handle == null) {
            return;
        }
        Handle lost = handle;
        handle = null;
        try {
            lost.close();
        } catch (RuntimeException e) {
            // It was of no use any more, which is why it is dropped.
            LOG.debug("A lost connection didn't close.", e);
        }
    }

    @Override
    public void close() {
        drop();
    }
}
