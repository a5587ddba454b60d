package io.skerry.cloud.webhook;

import io.skerry.cloud.config.SealingKeys;
import io.skerry.cloud.egress.Posts;
import io.skerry.cloud.event.Event;
import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Change;
import io.skerry.cloud.webhook.Delivery.State;
import io.skerry.cloud.webhook.DeliveryRows.Due;
import io.skerry.spec.Problem;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is to be delivered, at least once each.
 *
 * <ul>
 *   <li>One process at a time delivers for a webhook, one message after the other, in the order of events: it holds a lease, with no
 *       transaction open while it calls. One that dies lets it lapse, and another sends anew what it hadn't noted.
 *   <li>A message that isn't taken is sent again by {@link BackOff}. Those after it wait for {@link BackOff#TRIES_IN_ORDER} tries of it, and
 *       then go past it.
 *   <li>Webhooks are served beside one another, so that a slow receiver holds up its own messages alone; after some of them, others have
 *       their turn.
 * </ul>
 */
public final class DeliveryLoop implements AutoCloseable {
    /** From this row of failures on, if it lasts for {@link #DISABLED_AFTER}, a webhook is disabled. */
    static final int DISABLED_AFTER_FAILURES = 20;

    static final Duration DISABLED_AFTER = Duration.ofDays(5);

    /** Longer than an attempt and what is written about it can take. */
    static final Duration LEASE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLoop.class);
    private static final int GONE = 410;
    private static final int WEBHOOKS_AT_ONCE = 64;
    private static final int MESSAGES_IN_A_TURN = 50;
    private static final Duration LONGEST_TURN = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final RandomGenerator random;
    private final Executor threads;
    private final Sender sender;
    private final Events events;
    private final AuditLog audit;
    private final Semaphore places = new Semaphore(WEBHOOKS_AT_ONCE);
    private final ReentrantLock turning = new ReentrantLock();
    private volatile boolean closed;

    /**
     * @param random for when what failed is tried again
     * @param threads on which webhooks are served, each on one of its own
     */
    public DeliveryLoop(
            Storage storage,
            Ids ids,
            InstantSource time,
            RandomGenerator random,
            Executor threads,
            Posts posts,
            SealingKeys keys,
            Events events,
            AuditLog audit) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.random = random;
        this.threads = threads;
        this.sender = new Sender(posts, keys, time);
        this.events = events;
        this.audit = audit;
    }

    /** Begins to serve the webhooks for which there is something to do and nobody does it; called every second, one call at a time does it. */
    public void turn() {
        if (turning.tryLock()) {
            try {
                begin(places.availablePermits());
            } finally {
                turning.unlock();
            }
        }
    }

    private void begin(int free) {
        if (closed || free == 0) {
            return;
        }
        for (String webhookId : storage.read(h -> LeaseRows.due(h, time.millis(), free))) {
            String holder = ids.next();
            long now = time.millis();
            if (places.tryAcquire()) {
                boolean begun = false;
                try {
                    if (storage.write(h -> LeaseRows.claim(h, webhookId, holder, now, now + LEASE.toMillis()))) {
                        threads.execute(() -> serve(webhookId, holder));
                        begun = true;
                    }
                } finally {
                    if (!begun) {
                        places.release();
                    }
                }
            }
        }
    }

    private void serve(String webhookId, String holder) {
        try {
            long end = time.millis() + LONGEST_TURN.toMillis();
            int sent = 0;
            while (sent < MESSAGES_IN_A_TURN && time.millis() < end && !closed && sendNext(webhookId, holder)) {
                sent++;
            }
            storage.write(h -> {
                LeaseRows.release(h, webhookId, holder, time.millis(), DeliveryRows.notBefore(h, webhookId));
                return webhookId;
            });
        } catch (InterruptedIOException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("Webhook {} couldn't be served; it is tried again in a minute.", webhookId, e);
        } finally {
            places.release();
        }
    }

    /** What is to be sent, and with what. */
    private record Message(Webhook webhook, List<String> secrets, Due due, Event event) {}

    private static Optional<Message> next(Handle h, String webhookId, long now) {
        Optional<Webhook> webhook = WebhookRows.find(h, webhookId).filter(Webhook::enabled);
        if (webhook.isEmpty()) {
            return Optional.empty();
        }
        return DeliveryRows.next(h, webhookId, now)
                .flatMap(due -> Events.find(h, due.eventId())
                        .map(event -> new Message(webhook.get(), WebhookRows.secrets(h, webhookId, now), due, event)));
    }

    /** @return whether there may be more to send by this holder */
    private boolean sendNext(String webhookId, String holder) throws InterruptedIOException {
        Optional<Message> next = storage.read(h -> next(h, webhookId, time.millis()));
        if (next.isEmpty()) {
            return false;
        }
        Message message = next.get();
        Attempt attempt = sender.send(
                webhookId, message.webhook.url(), message.secrets, message.event, message.due.nextAttempt());
        if (closed && attempt.status().isEmpty()) {
            // It failed because the control plane ends.
            return false;
        }
        double jitter = random.nextDouble();
        return storage.write(h -> {
            long now = time.millis();
            if (!LeaseRows.prolong(h, webhookId, holder, now + LEASE.toMillis())) {
                return false;
            }
            if (attempt.problem().isEmpty()) {
                DeliveryRows.attempted(h, message.due.deliveryId(), attempt, State.DELIVERED, message.due.tries(), now);
                LeaseRows.taken(h, webhookId, now);
                return true;
            }
            failed(h, message, attempt, now, jitter);
            return true;
        });
    }

    private void failed(Handle h, Message message, Attempt attempt, long now, double jitter) {
        Due due = message.due;
        int tries = due.tries() + 1;
        long nextAt = now + BackOff.after(tries, jitter).toMillis();
        DeliveryRows.attempted(h, due.deliveryId(), attempt, stateAfter(due, tries, nextAt), tries, nextAt);
        Webhook.Standing standing = LeaseRows.failed(h, message.webhook.webhookId(), now);
        whyDisabled(attempt, standing, now).ifPresent(why -> disable(h, message.webhook, why));
    }

    /** What becomes of a delivery that failed so often. */
    private static State stateAfter(Due due, int tries, long nextAt) {
        if (nextAt > due.begunAt() + BackOff.GIVEN_UP_AFTER.toMillis()) {
            return State.GIVEN_UP;
        }
        return tries >= BackOff.TRIES_IN_ORDER ? State.ASIDE : due.state();
    }

    /** Why a webhook is to be disabled that failed once more, if it is. */
    private static Optional<Problem> whyDisabled(Attempt attempt, Webhook.Standing standing, long now) {
        if (attempt.status().filter(s -> s == GONE).isPresent()) {
            return Optional.of(new Problem(
                    "webhook.gone",
                    "The receiver answered 410: it wants nothing any more.",
                    "Remove the webhook, or give it another address and enable it."));
        }
        boolean forLong = standing.failingSince()
                .filter(since -> now - since >= DISABLED_AFTER.toMillis())
                .isPresent();
        return forLong && standing.failures() >= DISABLED_AFTER_FAILURES
                ? Optional.of(new Problem(
                        "webhook.failing",
                        "The receiver took nothing in " + DISABLED_AFTER.toDays() + " days and " + standing.failures()
                                + " attempts.",
                        "Look at its deliveries, mend the receiver, and enable the webhook."))
                : Optional.empty();
    }

    private void disable(Handle h, Webhook webhook, Problem why) {
        WebhookRows.disable(h, webhook.webhookId(), why);
        audit.note(
                h,
                Actor.CONTROL_PLANE,
                new Change(
                        Optional.of(webhook.customerId()),
                        "webhook.disabled",
                        "webhook",
                        webhook.webhookId(),
                        webhook.name(),
                        Map.of("enabled", true),
                        Map.of("enabled", false, "reason", why.message())));
        events.append(
                h,
                new NewEvent(
                        webhook.customerId(),
                        EventType.WEBHOOK_DISABLED,
                        Subject.webhook(webhook.webhookId()),
                        Map.of("webhook_name", webhook.name(), "reason", NewEvent.problem(why))));
    }

    /** Begins nothing more; what is being sent may end. */
    public void end() {
        closed = true;
    }

    /** Waits for a moment until what was being sent is noted; what isn't is sent anew. */
    @Override
    public void close() {
        end();
        try {
            if (!places.tryAcquire(WEBHOOKS_AT_ONCE, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.info("Some webhooks are still being served; what isn't noted is sent anew.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
