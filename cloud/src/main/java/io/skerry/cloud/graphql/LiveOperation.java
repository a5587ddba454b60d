package io.skerry.cloud.graphql;

import graphql.language.OperationDefinition.Operation;
import io.skerry.cloud.idempotency.IdempotencyKey;
import io.skerry.cloud.node.NodeWatch;
import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One operation of a connection, on a virtual thread of its own. A subscription is answered as it is now and then each time that the answer
 * differs; it is looked at when a device that it is about says something, and every two seconds for what no device says.
 * It is over once what it is about has come to its end. So nothing is queued: what changed several times while one answer was on its way is one answer. Whoever asks for much is looked
 * after more seldom, so that no subscription takes more than about a twentieth of a processor.
 */
final class LiveOperation {
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(2);
    /** Between two answers, however fast things change. */
    private static final Duration REST = Duration.ofMillis(100);

    private static final int RESTS_FOR_LOOKS = 20;
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final LiveDoor door;
    private final LiveConnection connection;
    private final Visitor visitor;
    private final String id;
    private final GraphQlRequest request;
    private final Semaphore changed = new Semaphore(0);
    private final Map<String, NodeWatch.Watching> watching = new HashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);

    LiveOperation(LiveDoor door, LiveConnection connection, Visitor visitor, String id, GraphQlRequest request) {
        this.door = door;
        this.connection = connection;
        this.visitor = visitor;
        this.id = id;
        this.request = request;
    }

    void start() {
        Thread.ofVirtual().name("live-operation").start(this::run);
    }

    /** No more answers, from about now on. */
    void end() {
        over.countDown();
        changed.release();
    }

    private boolean isOver() {
        return over.getCount() == 0;
    }

    /** How long a subscription isn't looked at after a look that took so long. */
    static Duration rest(Duration look) {
        return Collections.min(
                List.of(LONGEST_REST, Collections.max(List.of(REST, look.multipliedBy(RESTS_FOR_LOOKS)))));
    }

    private void run() {
        try {
            GraphQlCall call = door.persisted().call(request, visitor.caller());
            switch (door.api().operation(call).orElse(Operation.QUERY)) {
                case SUBSCRIPTION -> follow(call);
                case MUTATION -> tell(carriedOut(call));
                case QUERY -> tell(door.api().answer(call, visitor.caller()));
            }
        } catch (ProblemException e) {
            failed(List.of(Failures.sent(e.problem())));
        } catch (InterruptedException e) {
            // Nobody interrupts this thread.
            Thread.currentThread().interrupt();
        } finally {
            watching.values().forEach(NodeWatch.Watching::close);
            connection.stopped(id, this);
        }
    }

    private GraphQlAnswer carriedOut(GraphQlCall call) {
        return request.idempotencyKey()
                .map(IdempotencyKey::parse)
                .map(key -> door.repeatable().answer(call, visitor, key))
                .orElseGet(() -> door.api().answer(call, visitor.caller()));
    }

    private void tell(GraphQlAnswer answer) {
        if (told(answer, true)) {
            complete();
        }
    }

    private void complete() {
        if (!isOver()) {
            // Its id is free once the client hears of the end.
            connection.ended(id, this);
            connection.complete(id);
        }
    }

    private void follow(GraphQlCall call) throws InterruptedException {
        String last = "";
        while (!isOver()) {
            long begun = System.nanoTime();
            changed.drainPermits();
            var watched = new Watched();
            GraphQlAnswer answer = door.api().answer(call, visitor.caller(), watched);
            boolean more = watch(watched);
            Duration rest = rest(Duration.ofNanos(System.nanoTime() - begun));
            String text = new String(JsonText.bytes(answer.body()), StandardCharsets.UTF_8);
            if (!text.equals(last) && !isOver()) {
                if (!told(answer, !answer.body().containsKey("errors"))) {
                    return;
                }
                last = text;
            }
            if (watched.isOver()) {
                complete();
                return;
            }
            if (over.await(rest.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            // What changed before it was watched is seen by looking once more.
            if (!more) {
                changed.tryAcquire(LOOKS_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** False when that was the end of it. */
    private boolean told(GraphQlAnswer answer, boolean good) {
        if (isOver()) {
            return false;
        }
        if (answer.begun() && good) {
            return connection.next(id, answer.body());
        }
        failed(Optional.ofNullable(answer.body().get("errors")).orElse(List.of()));
        return false;
    }

    private void failed(Object errors) {
        if (!isOver()) {
            connection.ended(id, this);
            connection.fail(id, errors);
        }
    }

    /** Whether there is any device among them that wasn't watched before. */
    private boolean watch(Watched watched) {
        boolean more = false;
        for (String node : watched.nodeIds()) {
            if (!watching.containsKey(node)) {
                watching.put(node, door.watch().watch(node, changed::release));
                more = true;
            }
        }
        watching.entrySet().removeIf(e -> {
            boolean gone = !watched.nodeIds().contains(e.getKey());
            if (gone) {
                e.getValue().close();
            }
            return gone;
        });
        return more;
    }
}
