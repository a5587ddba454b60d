package io.skerry.cloud.deviceapi;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.PublishedStates;
import io.skerry.cloud.node.NodeIdentity;
import io.skerry.cloud.node.Presence;
import io.skerry.cloud.web.Answers;
import io.skerry.cloud.web.Endpoint;
import io.skerry.cloud.web.HttpProblem;
import io.skerry.cloud.web.Quick;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Position;
import io.skerry.spec.wire.Paths;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET desired-state}: at once when there is something that the device doesn't have, else as soon as there is, else 304
 * after as long as the device would wait. A waiting poll costs no thread, an unchanged one no database call.
 */
public final class DesiredStatePolls implements Quick, Endpoint {
    /** RFC 7240: how long a client would wait. */
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*(\\d{1,9})\\b");

    private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\\.(\\d{1,18})\"");
    private static final int LONGEST_WAIT_SECONDS = 300;

    private final ClientCertificates certificates;
    private final PublishedStates published;
    private final DesiredStates states;
    private final Presence presence;
    private final PollCounts counts;
    private final ScheduledExecutorService timer;
    private final Executor threads;
    private final int nextWaitSeconds;

    /**
     * @param timer ends waits; its work never blocks
     * @param threads answers those that are woken; as many as there are polls
     * @param nextWaitSeconds how long devices are told to wait the next time, and at most do, whatever they ask for: a
     *     device that vanished counts as present until its poll is over
     */
    public DesiredStatePolls(
            ClientCertificates certificates,
            PublishedStates published,
            DesiredStates states,
            Presence presence,
            PollCounts counts,
            ScheduledExecutorService timer,
            Executor threads,
            int nextWaitSeconds) {
        this.certificates = certificates;
        this.published = published;
        this.states = states;
        this.presence = presence;
        this.counts = counts;
        this.timer = timer;
        this.threads = threads;
        this.nextWaitSeconds = Math.min(LONGEST_WAIT_SECONDS, nextWaitSeconds);
    }

    @Override
    public boolean takes(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).equals(Paths.DESIRED_STATE)
                || !request.getMethod().equals("GET")) {
            return false;
        }
        NodeIdentity node = certificates.device(request);
        Position now = published.position(node.nodeId()).orElseThrow(DesiredStatePolls::gone);
        if (!known(request).filter(now::equals).isPresent()) {
            return false;
        }
        int seconds = wait(request);
        if (seconds == 0) {
            presence.heard(node.nodeId());
            unchanged(response, callback, now);
        } else {
            new WaitingPoll(this, node.nodeId(), now, request, response, callback)
                    .begin(published, presence, counts, timer, seconds);
        }
        return true;
    }

    /** Answers with the newest document. */
    @Override
    public void answer(Request request, Response response, Callback callback) {
        NodeIdentity node = certificates.device(request);
        presence.heard(node.nodeId());
        document(node.nodeId(), response, callback);
    }

    /** Answers a poll that was woken, on a thread of its own. */
    void wake(WaitingPoll poll) {
        threads.execute(poll::changed);
    }

    void unchanged(Response response, Callback callback, Position position) {
        counts.unchanged();
        headers(response, position);
        Answers.empty(response, callback, 304);
    }

    void document(String nodeId, Response response, Callback callback) {
        DesiredStates.Published document = states.document(nodeId).orElseThrow(DesiredStatePolls::gone);
        counts.changed();
        headers(response, document.position());
        Answers.body(response, callback, 200, Answers.JSON, document.body());
    }

    private void headers(Response response, Position position) {
        response.getHeaders()
                .put(HttpHeader.ETAG, position.entityTag())
                .put(HttpHeader.CACHE_CONTROL, "no-store")
                .put(Paths.NEXT_WAIT_HEADER, nextWaitSeconds);
    }

    static HttpProblem gone() {
        return new HttpProblem(
                403,
                new Problem(
                        "certificate.revoked",
                        "The client certificate belongs to a node that was removed.",
                        "Enrol the device anew, with a new data folder, if it is to come back."));
    }

    private static Optional<Position> known(Request request) {
        @Nullable String tag = request.getHeaders().get(HttpHeader.IF_NONE_MATCH);
        if (tag == null) {
            return Optional.empty();
        }
        Matcher m = TAG.matcher(tag.strip());
        return m.matches()
                ? Optional.of(new Position(Long.parseLong(m.group(1)), Long.parseLong(m.group(2))))
                : Optional.empty();
    }

    private int wait(Request request) {
        @Nullable String prefer = request.getHeaders().get("Prefer");
        if (prefer == null) {
            return 0;
        }
        Matcher m = WAIT.matcher(prefer);
        return m.find() ? Math.min(nextWaitSeconds, Integer.parseInt(m.group(1))) : 0;
    }
}
