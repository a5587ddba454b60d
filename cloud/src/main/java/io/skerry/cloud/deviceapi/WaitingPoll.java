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
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One poll that waits. It is answered by whichever comes first: a change, its time, or its connection's end.
 *
 * <p>INVARIANT: the waiter decides who is first; only that one touches the response.
 */
final class WaitingPoll {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingPoll.class);

    private final DesiredStatePolls polls;
    private final String nodeId;
    private final Position known;
    private final Request request;
    private final Response response;
    private final Callback callback;
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
        PublishedStates.Waiter waiter = published.await(nodeId, known, () -> polls.wake(this));
        timeout = timer.schedule(
                () -> {
                    if (waiter.cancel()) {
                        polls.unchanged(response, callback, known);
                    }
                },
                seconds,
                TimeUnit.SECONDS);
        request.addFailureListener(failure -> {
            cancelTimeout();
            if (waiter.cancel()) {
                callback.failed(failure);
            }
        });
    }

    /** There is a newer document, or the node is gone. */
    void changed() {
        cancelTimeout();
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

    private void cancelTimeout() {
        Future<?> running = timeout;
        if (running != null) {
            running.cancel(false);
        }
    }
}
