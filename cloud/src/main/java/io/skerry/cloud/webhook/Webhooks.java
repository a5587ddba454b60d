package io.skerry.cloud.webhook;

import io.skerry.cloud.config.SealingKeys;
import io.skerry.cloud.egress.Posts;
import io.skerry.cloud.event.Event;
import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.cloud.storage.ConstraintViolation;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;

/** The webhooks of all customers. What the caller may not see is answered as if it weren't there. */
public final class Webhooks {
    /** Of one customer. */
    static final int MOST = 20;

    /** For so long at most a secret counts that was rotated. */
    static final Duration LONGEST_OVERLAP = Duration.ofDays(7);

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final RandomGenerator random;
    private final SealingKeys keys;
    private final Posts posts;
    private final Events events;
    private final AuditLog audit;

    /** @param random for secrets */
    public Webhooks(
            Storage storage,
            Ids ids,
            InstantSource time,
            RandomGenerator random,
            SealingKeys keys,
            Posts posts,
            Events events,
            AuditLog audit) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.random = random;
        this.keys = keys;
        this.posts = posts;
        this.events = events;
        this.audit = audit;
    }

    /** Whether a secret is sealed in the database. */
    public static boolean anySealed(Handle h) {
        return h.createQuery("SELECT 1 FROM webhooks LIMIT 1")
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** Where a webhook's secret is kept, for its seal. */
    static String place(String webhookId) {
        return "webhook " + webhookId;
    }

    /**
     * Makes a webhook.
     *
     * @return its secret, which is shown this once
     * @throws io.skerry.spec.ProblemException {@code name.malformed}, {@code webhook.…}, {@code event.type-unknown}, {@code
     *     input.too-many}, {@code group.unknown}, {@code egress.refused}
     */
    public String create(NewWebhook asked, Caller caller) {
        var webhook = new Webhook(
                ids.next(),
                asked.customerId(),
                Names.checked("A webhook", asked.name()),
                address(asked.url()),
                WantedTypes.parse(asked.types()),
                asked.groupId(),
                true,
                Optional.empty(),
                Optional.empty(),
                time.millis(),
                new Webhook.Standing(0, Optional.empty(), Optional.empty()));
        WebhookSecret secret = WebhookSecret.make(random);
        String sealed = keys.seal(secret.bytes(), place(webhook.webhookId()));
        unique(
                webhook.name(),
                () -> storage.write(h -> {
                    webhook.groupId().ifPresent(group -> Groups.required(h, webhook.customerId(), group));
                    if (WebhookRows.count(h, webhook.customerId()) >= MOST) {
                        throw new Problem(
                                        "webhook.too-many",
                                        "A customer can't have more than " + MOST + " webhooks.",
                                        "Remove one, or have one receiver pass on what others want.")
                                .asException();
                    }
                    WebhookRows.insert(h, webhook, sealed);
                    note(h, caller, "DM_create_webhook", webhook, Map.of(), told(webhook));
                    return webhook;
                }));
        return secret.shown();
    }

    /** @throws io.skerry.spec.ProblemException {@code webhook.url-malformed}, {@code webhook.url-plain}, {@code egress.refused} */
    private URI address(String url) {
        URI address = ReceiverAddress.parse(url, posts.isPrivateAllowed());
        posts.check(address.getHost());
        return address;
    }

    private static void unique(String name, Runnable work) {
        try {
            work.run();
        } catch (ConstraintViolation e) {
            throw new Problem(
                            "webhook.exists",
                            "There is a webhook named '" + name + "' already.",
                            "Choose another name.")
                    .asException(e);
        }
    }

    /**
     * Changes a webhook; one that is enabled again begins as if nothing had failed.
     *
     * @throws io.skerry.spec.ProblemException {@code webhook.unknown}, and as {@link #create}
     */
    public void change(String webhookId, WebhookChange change, Caller caller) {
        Optional<String> name = change.name().map(n -> Names.checked("A webhook", n));
        Optional<URI> url = change.url().map(this::address);
        Optional<WantedTypes> types = change.types().map(WantedTypes::parse);
        unique(
                name.orElse(""),
                () -> storage.write(h -> {
                    Webhook before = required(h, webhookId, caller);
                    change.group()
                            .flatMap(WebhookChange.OfGroup::groupId)
                            .ifPresent(group -> Groups.required(h, before.customerId(), group));
                    var now = new Webhook(
                            webhookId,
                            before.customerId(),
                            name.orElse(before.name()),
                            url.orElse(before.url()),
                            types.orElse(before.types()),
                            change.group().map(WebhookChange.OfGroup::groupId).orElse(before.groupId()),
                            change.enabled().orElse(before.enabled()),
                            change.enabled().isPresent() ? Optional.empty() : before.disabledReason(),
                            before.previousUntil(),
                            before.createdAt(),
                            before.standing());
                    WebhookRows.update(h, now);
                    if (now.enabled() && !before.enabled()) {
                        LeaseRows.forgive(h, webhookId);
                    }
                    note(h, caller, "DM_update_webhook", now, told(before), told(now));
                    return now;
                }));
    }

    /**
     * Gives a webhook another secret.
     *
     * @param overlap for how long messages are signed with the one before as well
     * @return the secret, which is shown this once
     * @throws io.skerry.spec.ProblemException {@code webhook.unknown}, {@code webhook.rotating}, {@code input.out-of-range}
     */
    public String rotate(String webhookId, Duration overlap, Caller caller) {
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw new Problem(
                            "input.out-of-range",
                            "The secret before can't count for " + overlap.toMinutes() + " minutes.",
                            "Give 0 to " + LONGEST_OVERLAP.toMinutes() + ".")
                    .asException();
        }
        WebhookSecret secret = WebhookSecret.make(random);
        String sealed = keys.seal(secret.bytes(), place(webhookId));
        long now = time.millis();
        long until = now + overlap.toMillis();
        storage.write(h -> {
            Webhook webhook = required(h, webhookId, caller);
            // There is room for one earlier secret; with no overlap all earlier ones end, which is what is asked for.
            webhook.previousUntil().filter(end -> end > now && until > now).ifPresent(end -> {
                throw new Problem(
                                "webhook.rotating",
                                "The secret of the webhook '" + webhook.name()
                                        + "' was rotated already, and the one before counts until "
                                        + Instant.ofEpochMilli(end) + ".",
                                "Wait until then, or rotate it with an overlap of 0, which ends all earlier ones now.")
                        .asException();
            });
            WebhookRows.rotate(h, webhookId, sealed, until);
            note(h, caller, "DM_rotate_webhook_secret", webhook, Map.of(), Map.of("previous_until", until));
            return webhook;
        });
        return secret.shown();
    }

    /** @throws io.skerry.spec.ProblemException {@code webhook.unknown} */
    public void remove(String webhookId, Caller caller) {
        storage.write(h -> {
            Webhook webhook = required(h, webhookId, caller);
            WebhookRows.remove(h, webhookId);
            note(h, caller, "DM_remove_webhook", webhook, told(webhook), Map.of());
            return webhook;
        });
    }

    /**
     * Sends a ping at once, past all that waits.
     *
     * @return the id of its delivery
     * @throws io.skerry.spec.ProblemException {@code webhook.unknown}, {@code webhook.disabled}
     */
    public String ping(String webhookId, Caller caller) {
        String deliveryId = ids.next();
        storage.write(h -> {
            Webhook webhook = enabled(h, webhookId, caller);
            Event ping = events.append(
                    h,
                    new NewEvent(
                            webhook.customerId(),
                            EventType.WEBHOOK_PING,
                            Subject.webhook(webhookId),
                            Map.of("webhook_name", webhook.name())));
            DeliveryRows.first(h, deliveryId, webhookId, ping.eventId(), time.millis());
            LeaseRows.wake(h, webhookId);
            note(h, caller, "DM_test_webhook", webhook, Map.of(), Map.of("webhook_delivery_id", deliveryId));
            return webhook;
        });
        return deliveryId;
    }

    /**
     * Delivers once more, at once and past all that waits, whatever became of it before.
     *
     * @throws io.skerry.spec.ProblemException {@code webhook.delivery-unknown}, {@code webhook.disabled}
     */
    public void redeliver(String deliveryId, Caller caller) {
        storage.write(h -> {
            Webhook webhook = DeliveryRows.webhookOf(h, deliveryId)
                    .flatMap(id -> WebhookRows.find(h, id))
                    .filter(w -> caller.sees(w.customerId()))
                    .orElseThrow(() -> unknownDelivery(deliveryId).asException());
            enabled(h, webhook.webhookId(), caller);
            DeliveryRows.again(h, deliveryId, time.millis());
            LeaseRows.wake(h, webhook.webhookId());
            note(
                    h,
                    caller,
                    "DM_redeliver_webhook_delivery",
                    webhook,
                    Map.of(),
                    Map.of("webhook_delivery_id", deliveryId));
            return webhook;
        });
    }

    /** A customer's, by name. */
    public List<Webhook> list(String customerId) {
        return storage.read(h -> WebhookRows.ofCustomer(h, customerId));
    }

    /** The one of this id, whoever's it is. */
    public Optional<Webhook> find(String webhookId) {
        return storage.read(h -> WebhookRows.find(h, webhookId));
    }

    /** The deliveries of a webhook, whoever's it is, the newest first. */
    public Page<Delivery> deliveries(
            String webhookId,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<Delivery.State> state,
            int take,
            String cursor) {
        return storage.read(
                h -> Page.of(DeliveryRows.list(h, webhookId, state, take + 1, cursor), take, Delivery::deliveryId));
    }

    private static Webhook enabled(Handle h, String webhookId, Caller caller) {
        Webhook webhook = required(h, webhookId, caller);
        if (!webhook.enabled()) {
            throw new Problem(
                            "webhook.disabled",
                            "The webhook '" + webhook.name() + "' is disabled, so nothing is sent to it.",
                            "Enable it with DM_update_webhook or 'skerry webhook set --enable'.")
                    .asException();
        }
        return webhook;
    }

    private static Webhook required(Handle h, String webhookId, Caller caller) {
        return WebhookRows.find(h, webhookId)
                .filter(w -> caller.sees(w.customerId()))
                .orElseThrow(() -> unknown(webhookId).asException());
    }

    private void note(
            Handle h,
            Caller caller,
            String operation,
            Webhook webhook,
            Map<String, Object> before,
            Map<String, Object> after) {
        audit.note(
                h,
                caller.actor(),
                new Change(
                        Optional.of(webhook.customerId()),
                        operation,
                        "webhook",
                        webhook.webhookId(),
                        webhook.name(),
                        before,
                        after));
    }

    /** What the audit log tells of one: an address may have a secret in its path. */
    private static Map<String, Object> told(Webhook webhook) {
        Map<String, Object> told = new TreeMap<>();
        told.put("name", webhook.name());
        told.put("url", webhook.origin());
        told.put("event_types", webhook.typeWords());
        told.put("enabled", webhook.enabled());
        webhook.groupId().ifPresent(id -> told.put("group_id", id));
        return told;
    }

    /** What is said of a webhook that isn't there, or is another customer's. */
    public static Problem unknown(String webhookId) {
        return new Problem(
                "webhook.unknown",
                "There is no webhook '" + Text.shortened(webhookId, 60) + "'.",
                "Look the ids up with DM_get_webhooks or 'skerry webhook ls'.");
    }

    private static Problem unknownDelivery(String deliveryId) {
        return new Problem(
                "webhook.delivery-unknown",
                "There is no delivery '" + Text.shortened(deliveryId, 60) + "'.",
                "Look the ids up with DM_get_webhook_deliveries or 'skerry webhook deliveries'.");
    }
}
