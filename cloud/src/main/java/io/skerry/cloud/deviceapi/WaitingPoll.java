package io.skerry.cloud.deviceapi;

import io.skerry.cloud.desired.PublishedStates;
import io.skerry.cloud.node.Presence;
import io.skerry.cloud.web.Answers;
import io.skerry.cloud.web.HttpProblem;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Position;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One poll that waits. It is answered by whichever comes first: a change, its time, or its connection's end.
 *
 * <p>INVARIANT: only who sets {@link #over} touches the response.
 */
final class WaitingPoll {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingPoll.class);

    private final DesiredStatePolls polls;
    private final String nodeId;
    private final Position known;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile PublishedStates.@Nullable Waiter waiter;
    private volatile @Nullable Future<?> timeout;

    WaitingPoll(
            DesiredStatePolls polls,
            String nodeId,
            Position known,
            Request request,
            Response response,
            Callback callback) {
        this.polls = polls;
        this.nodeId = nodeId;
        this.known = known;
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    void begin(
            PublishedStates published,
            Presence presence,
            PollCounts counts,
            ScheduledExecutorService timer,
            int seconds) {
        presence.waits(nodeId);
        counts.waits();
        Request.addCompletionListener(request, failure -> {
            counts.waited();
            presence.answered(nodeId, failure == null);
        });
        // The wait is longer than what the connection may be idle otherwise.
        request.addIdleTimeoutListener(t -> false);
        request.addFailureListener(failure -> {
            if (ends()) {
                callback.failed(failure);
            }
        });
        // The request may be answered by another thread from here on, and is not to be touched any more by this one.
        timeout = timer.schedule(this::unchanged, seconds, TimeUnit.SECONDS);
        waiter = published.await(nodeId, known, () -> polls.wake(this));
        if (over.get()) {
            letGo();
        }
    }

    private void unchanged() {
        if (ends()) {
            polls.unchanged(response, callback, known);
        }
    }

    /** There is a newer document, or the node is gone. */
    void changed() {
        if (!ends()) {
            return;
        }
        try {
            polls.document(nodeId, response, callback);
        } catch (HttpProblem e) {
            Answers.problem(response, callback, e.status(), e.problem());
        } catch (RuntimeException e) {
            LOG.error("The desired state of node {} can't be answered.", nodeId, e);
            Answers.problem(
                    response,
                    callback,
                    500,
                    new Problem("internal", "Something went wrong in the control plane.", "Look into its log."));
        }
    }

    /** Whether the caller is the first to end it. */
    private boolean ends() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            letGo();
        }
        return first;
    }

    private void letGo() {
        Future<?> running = timeout;
        if (running != null) {
            running.cancel(false);
        }
        PublishedStates.Waiter waiting = waiter;
        if (waiting != null) {
            waiting.cancel();
        }
    }
}
