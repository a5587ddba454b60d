package io.skerry.cloud.webhook;

import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.egress.EgressPost;
import io.skerry.cloud.event.Event;
import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Architecture;
import io.skerry.spec.ProblemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How messages come to receivers, over real storage and by a clock of the test; the receiver is the tests'. */
@Tag(TestDatabase.TAG)
class DeliveryLoopTest {
    private static final Caller ADMIN = Caller.everything(FleetFixture.TESTER);

    @TempDir
    Path folder;

    private final Receiver receiver = new Receiver();
    private FleetFixture fleet;
    private String customer;
    private DeliveryLoop loop;
    private WebhookSecret secret;
    private String hook;

    @BeforeEach
    void open() {
        reopen();
        customer = fleet.customer("north");
        secret = Shown.secret(create("pager", List.of(), Optional.empty()));
        hook = id("pager");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private void reopen() {
        fleet = FleetFixture.withoutImages(folder);
        fleet.posts = receiver;
        loop = fleet.deliveryLoop();
    }

    private String create(String name, List<String> types, Optional<String> group) {
        return fleet.webhooks.create(
                new NewWebhook(customer, name, "https://" + name + ".example/in", types, group), ADMIN);
    }

    private String id(String name) {
        return fleet.webhooks.list(customer).stream()
                .filter(w -> w.name().equals(name))
                .findFirst()
                .orElseThrow()
                .webhookId();
    }

    private Event happens(String name) {
        return happens(EventType.NODE_ENROLLED, "none", name);
    }

    private Event happens(EventType type, String nodeId, String name) {
        return fleet.storage.write(h ->
                fleet.events.append(h, new NewEvent(customer, type, Subject.node(nodeId), Map.of("node_name", name))));
    }

    private List<Delivery> deliveries() {
        return fleet.webhooks.deliveries(hook, Optional.empty(), 100, "").items();
    }

    private Webhook webhook() {
        return fleet.webhooks.find(hook).orElseThrow();
    }

    /** Has the loop turn every so often for a while. */
    private void pass(Duration whole, Duration every) {
        for (Duration passed = Duration.ZERO; passed.compareTo(whole) < 0; passed = passed.plus(every)) {
            fleet.later(every);
            loop.turn();
        }
    }

    @Test
    void anEventIsSentSignedAndNotedInTheLog() {
        Event event = happens("quay");

        loop.turn();

        EgressPost post = receiver.posts.getFirst();
        assertThat(post.body()).isEqualTo(event.message());
        assertThat(post.uri()).hasToString("https://pager.example/in");
        String seconds = Objects.requireNonNull(post.headers().get("webhook-timestamp"));
        assertThat(post.headers())
                .containsEntry("webhook-id", event.eventId())
                .containsEntry(
                        "webhook-signature", secret.signature(event.eventId(), Long.parseLong(seconds), post.body()));
        assertThat(deliveries()).singleElement().satisfies(d -> {
            assertThat(d.state()).isEqualTo(Delivery.State.DELIVERED);
            assertThat(d.eventType()).isEqualTo("node.enrolled");
            assertThat(d.attempts()).singleElement().satisfies(a -> {
                assertThat(a.status()).contains(200);
                assertThat(a.problem()).isEmpty();
                assertThat(a.answer()).isEqualTo("said 200");
            });
        });
        loop.turn();
        assertThat(receiver.posts).hasSize(1);
    }

    @Test
    void messagesComeInTheOrderOfEvents() {
        for (int i = 0; i < 120; i++) {
            happens("n" + i);
        }
        for (int i = 0; i < 4; i++) {
            loop.turn();
        }

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            expected.add("n" + i);
        }
        assertThat(receiver.names()).isEqualTo(expected);
    }

    @Test
    void whatIsntTakenIsSentAgainLaterAndKeepsThoseAfterItWaiting() {
        receiver.answers(503);
        happens("first");
        happens("second");

        loop.turn();
        loop.turn();
        assertThat(receiver.names()).containsExactly("first");
        fleet.later(Duration.ofSeconds(7));
        loop.turn();
        assertThat(receiver.names()).containsExactly("first", "first");

        receiver.answers(204);
        fleet.later(Duration.ofSeconds(25));
        loop.turn();
        assertThat(receiver.names()).containsExactly("first", "first", "first", "second");
        assertThat(deliveries().getLast().attempts().stream()
                        .map(a -> a.status().orElse(0)))
                .containsExactly(503, 503, 204);
        // The same message each time.
        assertThat(receiver.posts.get(1).body()).isEqualTo(receiver.posts.get(0).body());
        assertThat(webhook().standing().failures()).isZero();
    }

    @Test
    void oneThatIsNeverTakenHoldsUpOthersForSomeMinutesOnly() {
        receiver.answers(post -> Optional.of(Receiver.text(post).contains("poison") ? 400 : 200));
        happens("poison");
        happens("good");

        loop.turn();
        pass(Duration.ofMinutes(5), Duration.ofSeconds(10));
        assertThat(receiver.names()).containsOnly("poison");
        pass(Duration.ofMinutes(5), Duration.ofSeconds(10));
        assertThat(receiver.names()).containsOnlyOnce("good");

        happens("later");
        loop.turn();
        assertThat(receiver.names()).endsWith("later");
        assertThat(deliveries().getLast().state()).isEqualTo(Delivery.State.ASIDE);
    }

    @Test
    void whatIsntTakenInThreeDaysIsGivenUp() {
        receiver.answers(post -> Optional.empty());
        happens("quay");

        loop.turn();
        pass(Duration.ofHours(80), Duration.ofMinutes(10));

        assertThat(deliveries()).singleElement().satisfies(d -> {
            assertThat(d.state()).isEqualTo(Delivery.State.GIVEN_UP);
            assertThat(d.attempts()).hasSizeBetween(12, 22);
            assertThat(d.attempts().getFirst().problem().orElseThrow().code()).isEqualTo("webhook.connection");
            assertThat(d.attempts().getFirst().status()).isEmpty();
        });
        assertThat(webhook().enabled()).isTrue();
    }

    @Test
    void aWebhookThatTakesNothingForFiveDaysIsDisabledAndSaysWhy() {
        receiver.answers(500);
        happens("first");
        loop.turn();
        pass(Duration.ofDays(4), Duration.ofHours(1));
        happens("second");
        loop.turn();
        pass(Duration.ofDays(2), Duration.ofHours(1));

        assertThat(webhook().enabled()).isFalse();
        assertThat(webhook().disabledReason().orElseThrow().code()).isEqualTo("webhook.failing");
        int sent = receiver.posts.size();
        happens("third");
        pass(Duration.ofHours(1), Duration.ofMinutes(5));
        assertThat(receiver.posts).hasSize(sent);
        assertThat(data(fleet.ask("{ DM_get_events(customer_id: \"" + customer
                                + "\", types: [\"webhook.disabled\"]) { events { data } } }"))
                        + "")
                .contains("webhook.failing", "pager");
        assertThat(data(fleet.ask("{ Authz_get_audit_log(subject_id: \"" + hook
                                + "\") { entries { operation actor_kind } } }"))
                        + "")
                .contains("operation=webhook.disabled, actor_kind=control-plane");

        receiver.answers(200);
        fleet.webhooks.change(
                hook,
                new WebhookChange(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true)),
                ADMIN);
        happens("fourth");
        loop.turn();
        assertThat(webhook().disabledReason()).isEmpty();
        assertThat(receiver.names()).endsWith("fourth").doesNotContain("third");
    }

    @Test
    void whoAnswersThatItIsGoneIsDisabledAtOnce() {
        receiver.answers(410);
        happens("quay");

        loop.turn();

        assertThat(webhook().disabledReason().orElseThrow().code()).isEqualTo("webhook.gone");
    }

    @Test
    void aRedirectIsNoYesAndIsntFollowed() {
        receiver.answers(302);
        happens("quay");

        loop.turn();

        assertThat(deliveries()
                        .getFirst()
                        .attempts()
                        .getFirst()
                        .problem()
                        .orElseThrow()
                        .code())
                .isEqualTo("webhook.redirect");
        assertThat(receiver.posts).hasSize(1);
    }

    @Test
    void whatHappenedBeforeACrashIsDeliveredAfterIt() {
        happens("quay");
        fleet.close();

        reopen();
        loop.turn();

        assertThat(receiver.names()).containsExactly("quay");
    }

    @Test
    void whatALoopHadTakenUponItselfWhenItDiedIsDeliveredByAnotherOnceItsClaimIsOver() {
        happens("quay");
        long now = fleet.time().millis();
        boolean claimed = fleet.storage.write(
                h -> LeaseRows.claim(h, hook, "the one that died", now, now + DeliveryLoop.LEASE.toMillis()));
        assertThat(claimed).isTrue();

        loop.turn();
        assertThat(receiver.posts).isEmpty();
        fleet.later(DeliveryLoop.LEASE.plusSeconds(1));
        loop.turn();

        assertThat(receiver.names()).containsExactly("quay");
    }

    @Test
    void whoLostItsClaimWhileItSentNotesNothing() {
        happens("quay");
        receiver.answers(post -> {
            fleet.storage.write(h -> h.execute("UPDATE webhook_leases SET holder = 'another'"));
            return Optional.of(200);
        });

        loop.turn();

        assertThat(deliveries().getFirst().state()).isEqualTo(Delivery.State.WAITING);
    }

    @Test
    void twoLoopsOnOneDatabaseDeliverEachEventOnce() throws Exception {
        for (int i = 0; i < 5; i++) {
            create("hook" + i, List.of(), Optional.empty());
        }
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            String event = happens("n" + i).eventId();
            for (Webhook each : fleet.webhooks.list(customer)) {
                expected.add(each.url() + " " + event);
            }
        }
        // On PostgreSQL with connections of its own, as another process has them.
        Optional<Storage> own = TestDatabase.of(folder).map(Storage::open);
        DeliveryLoop other = fleet.deliveryLoop(own.orElse(fleet.storage));
        try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (DeliveryLoop one : List.of(loop, other, loop, other)) {
                running.add(both.submit(() -> {
                    for (int i = 0; i < 8; i++) {
                        one.turn();
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        // Who was busy with one turn may have left what the other had claimed just then.
        loop.turn();
        own.ifPresent(Storage::close);
        List<String> sent = receiver.posts.stream()
                .map(p -> p.uri() + " " + p.headers().get("webhook-id"))
                .toList();
        assertThat(sent).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aSlowReceiverHoldsUpNoOther() throws Exception {
        create("quick", List.of(), Optional.empty());
        var hang = new CountDownLatch(1);
        var quick = new CountDownLatch(1);
        receiver.answers(post -> {
            if (post.uri().getHost().startsWith("pager")) {
                awaited(hang);
            } else {
                quick.countDown();
            }
            return Optional.of(200);
        });
        happens("quay");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var beside = new DeliveryLoop(
                    fleet.storage,
                    fleet.ids,
                    fleet.time(),
                    new Random(1),
                    threads,
                    receiver,
                    fleet.sealing,
                    fleet.events,
                    fleet.audit);

            beside.turn();

            assertThat(quick.await(30, TimeUnit.SECONDS)).isTrue();
            hang.countDown();
            beside.close();
        }
        assertThat(deliveries().getFirst().state()).isEqualTo(Delivery.State.DELIVERED);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void onlyWhatAWebhookWantsIsSent() {
        String trains = group("trains", "");
        String line = group("line-1", ", parent_group_id: \"" + trains + "\"");
        String in = node("in", line);
        String out = node("out", group("depot", ""));
        create("trains", List.of("node.*"), Optional.of(trains));
        create("offline", List.of("node.offline"), Optional.empty());
        happens(EventType.NODE_ONLINE, in, "in");
        happens(EventType.NODE_ONLINE, out, "out");
        happens(EventType.NODE_OFFLINE, out, "out");
        fleet.storage.write(h -> fleet.events.append(
                h,
                new NewEvent(
                        customer,
                        EventType.WEBHOOK_DISABLED,
                        Subject.webhook("w"),
                        Map.of("webhook_name", "w", "reason", Map.of()))));

        loop.turn();

        assertThat(sentTo("trains")).containsExactly("node.online in");
        assertThat(sentTo("offline")).containsExactly("node.offline out");
        assertThat(sentTo("pager")).hasSize(4);
    }

    private List<String> sentTo(String name) {
        return receiver.posts.stream()
                .filter(p -> p.uri().getHost().equals(name + ".example"))
                .map(p -> Receiver.text(p)
                        .replaceFirst("(?s).*\"type\":\"([^\"]*)\".*?\"node_name\":\"([^\"]*)\".*", "$1 $2"))
                .toList();
    }

    private String group(String name, String more) {
        return data(fleet.ask("mutation { Authz_create_group(customer_id: \"" + customer + "\", name: \"" + name + "\""
                                + more + ") }"))
                        .get("Authz_create_group")
                + "";
    }

    private String node(String name, String group) {
        String id = fleet.node(customer, name, Architecture.AMD64);
        data(fleet.ask("mutation { DM_update_node(node_id: \"" + id + "\", group_id: \"" + group + "\") }"));
        return id;
    }

    @Test
    void aPingGoesPastWhatWaitsAndToThisOneAlone() {
        create("other", List.of(), Optional.empty());
        receiver.answers(500);
        happens("quay");
        loop.turn();
        receiver.answers(200);
        receiver.posts.clear();

        String delivery = fleet.webhooks.ping(hook, ADMIN);
        loop.turn();

        assertThat(receiver.posts).singleElement().satisfies(p -> {
            assertThat(p.uri()).hasHost("pager.example");
            assertThat(Receiver.text(p)).contains("\"type\":\"webhook.ping\"");
        });
        assertThat(deliveries().getFirst().deliveryId()).isEqualTo(delivery);
        assertThat(deliveries().getFirst().state()).isEqualTo(Delivery.State.DELIVERED);
    }

    @Test
    void aGroupIsNotRemovedWhileAWebhookTellsOfItsDevices() {
        String depot = group("depot", "");
        create("depot", List.of(), Optional.of(depot));

        Map<?, ?> answer = fleet.ask("mutation { Authz_remove_group(group_id: \"" + depot + "\") }");

        assertThat(answer.get("errors") + "").contains("group.has-webhooks", "depot");
    }

    @Test
    void aPingGoesPastABacklogThatWasNeverTried() {
        happens("quay");
        happens("mole");

        fleet.webhooks.ping(hook, ADMIN);
        loop.turn();

        assertThat(receiver.posts.stream().map(Receiver::text))
                .first()
                .asString()
                .contains("\"type\":\"webhook.ping\"");
    }

    @Test
    void aDeliveryIsDoneOnceMoreUnderTheSameId() {
        happens("quay");
        loop.turn();

        fleet.webhooks.redeliver(deliveries().getFirst().deliveryId(), ADMIN);
        loop.turn();

        assertThat(receiver.posts.stream()
                        .map(p -> p.headers().get("webhook-id"))
                        .distinct())
                .hasSize(1);
        assertThat(deliveries())
                .singleElement()
                .satisfies(d ->
                        assertThat(d.attempts()).extracting(Attempt::number).containsExactly(1, 2));
    }

    @Test
    void ofADeliveryThatWasDoneOverAndOverTheLastAttemptsAreTold() {
        happens("quay");
        for (int i = 0; i < DeliveryRows.MOST_ATTEMPTS + 2; i++) {
            loop.turn();
            fleet.webhooks.redeliver(deliveries().getFirst().deliveryId(), ADMIN);
        }

        assertThat(deliveries().getFirst().attempts())
                .extracting(Attempt::number)
                .hasSize(DeliveryRows.MOST_ATTEMPTS)
                .startsWith(3)
                .endsWith(DeliveryRows.MOST_ATTEMPTS + 2);
    }

    @Test
    void aRotatedSecretCountsForAsLongAsItWasSaid() {
        WebhookSecret next = Shown.secret(fleet.webhooks.rotate(hook, Duration.ofHours(1), ADMIN));
        happens("first");
        loop.turn();
        fleet.later(Duration.ofHours(1));
        happens("second");
        loop.turn();

        assertThat(signatures(0)).isEqualTo(signed(next, 0) + " " + signed(secret, 0));
        assertThat(signatures(1)).isEqualTo(signed(next, 1));
        assertThat(next.shown()).isNotEqualTo(secret.shown());
    }

    @Test
    void aSecretIsNotRotatedAgainWhileTheOneBeforeCountsUnlessAllEarlierOnesShallEnd() {
        fleet.webhooks.rotate(hook, Duration.ofHours(1), ADMIN);

        assertThatThrownBy(() -> fleet.webhooks.rotate(hook, Duration.ofHours(1), ADMIN))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("webhook.rotating"));

        WebhookSecret last = Shown.secret(fleet.webhooks.rotate(hook, Duration.ZERO, ADMIN));
        happens("quay");
        loop.turn();
        assertThat(signatures(0)).isEqualTo(signed(last, 0));
    }

    private String signatures(int n) {
        return receiver.posts.get(n).headers().get("webhook-signature") + "";
    }

    private String signed(WebhookSecret by, int n) {
        EgressPost post = receiver.posts.get(n);
        return by.signature(
                post.headers().get("webhook-id") + "",
                Long.parseLong(post.headers().get("webhook-timestamp") + ""),
                post.body());
    }

    @Test
    void theLogIsBounded() {
        for (int i = 0; i < 6; i++) {
            happens("n" + i);
        }
        loop.turn();
        new OldDeliveries(fleet.storage, fleet.time(), 4).forget();
        assertThat(deliveries()).hasSize(4);

        receiver.answers(500);
        happens("waits");
        loop.turn();
        fleet.later(Duration.ofDays(4));
        new OldDeliveries(fleet.storage, fleet.time()).forget();
        assertThat(deliveries().getFirst().state()).isEqualTo(Delivery.State.GIVEN_UP);

        fleet.later(Duration.ofDays(8));
        new OldDeliveries(fleet.storage, fleet.time()).forget();
        assertThat(deliveries()).isEmpty();
        assertThat(fleet.storage.<Integer>read(h -> h.createQuery("SELECT COUNT(*) FROM webhook_attempts")
                        .mapTo(Integer.class)
                        .one()))
                .isZero();
    }
}
