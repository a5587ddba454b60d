package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events, and the webhooks that are told of them. */
class WebhookCommandsTest {
    private static final String PAGER = "0190ffff-0000-7000-8000-000000000001";
    private static final String BELL = "0190ffff-0000-7000-8000-000000000002";
    private static final String DELIVERY = "0190ffff-0000-7000-8000-0000000000d1";
    private static final String TRAINS = "0190eeee-0000-7000-8000-000000000001";
    private static final String SECRET = "whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5";

    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        Map<String, Object> group = new HashMap<>(
                Map.of("group_id", TRAINS, "customer_id", Sample.CUSTOMER, "name", "trains", "created_at", Sample.NOW));
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering("Authz_get_groups", Sample.page("groups", null, group))
                .answering("DM_get_webhooks", List.of(pager(), bell()))
                .answering("DM_get_webhook", asked -> PAGER.equals(asked.get("webhook_id")) ? pager() : bell())
                .answering("DM_create_webhook", SECRET)
                .answering("DM_update_webhook", PAGER)
                .answering("DM_rotate_webhook_secret", SECRET)
                .answering("DM_remove_webhook", PAGER)
                .answering("DM_test_webhook", DELIVERY)
                .answering("DM_redeliver_webhook_delivery", DELIVERY);
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static Map<String, Object> pager() {
        return webhook(PAGER, "pager", List.of("node.offline", "rollout.*"), TRAINS, true, null);
    }

    private static Map<String, Object> bell() {
        return webhook(
                BELL,
                "bell",
                List.of(),
                null,
                false,
                Map.of(
                        "code",
                        "webhook.failing",
                        "message",
                        "The receiver took nothing in 5 days and 61 attempts.",
                        "remedy",
                        "Look at its deliveries, mend the receiver, and enable the webhook."));
    }

    private static Map<String, Object> webhook(
            String id,
            String name,
            List<String> types,
            @Nullable String group,
            boolean enabled,
            @Nullable Map<String, Object> reason) {
        Map<String, Object> webhook = new HashMap<>();
        webhook.put("webhook_id", id);
        webhook.put("customer_id", Sample.CUSTOMER);
        webhook.put("name", name);
        webhook.put("url", "https://" + name + ".example/skerry");
        webhook.put("event_types", types);
        webhook.put("group_id", group);
        webhook.put("enabled", enabled);
        webhook.put("disabled_reason", reason);
        webhook.put("previous_secret_until", enabled ? Sample.NOW + 7_200_000L : null);
        webhook.put("failures", enabled ? 0 : 61);
        webhook.put("failing_since", enabled ? null : Sample.NOW - 5 * 86_400_000L);
        webhook.put("last_success_at", enabled ? Sample.NOW - 60_000L : null);
        webhook.put("created_at", Sample.NOW - 6 * 86_400_000L);
        return webhook;
    }

    private static Map<String, Object> delivery(String id, String state, Object... attempts) {
        Map<String, Object> delivery = new HashMap<>();
        delivery.put("webhook_delivery_id", id);
        delivery.put("webhook_id", PAGER);
        delivery.put("event_id", "0190ffff-0000-7000-8000-0000000000e1");
        delivery.put("event_type", "node.offline");
        delivery.put("state", state);
        delivery.put("tries", attempts.length);
        delivery.put("created_at", Sample.NOW - 600_000L);
        delivery.put("next_at", state.equals("delivered") ? null : Sample.NOW + 80_000L);
        delivery.put("ended_at", state.equals("delivered") ? Sample.NOW - 590_000L : null);
        delivery.put("attempts", List.of(attempts));
        return delivery;
    }

    private static Map<String, Object> attempt(int number, int status, @Nullable Map<String, Object> problem) {
        Map<String, Object> attempt = new HashMap<>();
        attempt.put("number", number);
        attempt.put("at", Sample.NOW - 600_000L);
        attempt.put("milliseconds", 41L);
        attempt.put("status", status);
        attempt.put("problem", problem);
        attempt.put("answer", "said " + status);
        return attempt;
    }

    private static Map<String, Object> refused() {
        return attempt(
                1,
                503,
                Map.of(
                        "code",
                        "webhook.status",
                        "message",
                        "The receiver answered 503.",
                        "remedy",
                        "Look at its log."));
    }

    private void shows(String golden, String... arguments) throws IOException {
        Operator.Result result = operator.runs(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        Golden.matches(golden, result.out());
    }

    @Test
    void anEventTellsWhatAndWhyWithoutIds() {
        Map<String, Object> event = new HashMap<>();
        event.put("event_id", "0190ffff-0000-7000-8000-0000000000e2");
        event.put("at", Sample.NOW - 120_000L);
        event.put("type", "instance.update_failed");
        event.put("version", 1);
        event.put(
                "data",
                "{\"node_id\":\"" + Sample.QUAY + "\",\"node_name\":\"quay\",\"service_name\":\"web\",\"version\":3,"
                        + "\"reason\":{\"code\":\"disk.full\",\"message\":\"The disk is full.\",\"remedy\":\"\"}}");
        cloud.answering("DM_get_events", Sample.page("events", null, event));

        assertThat(operator.runs("event", "ls").out())
                .contains("node quay, service web, version 3, reason The disk is full.")
                .doesNotContain(Sample.QUAY);
    }

    @Test
    void whatWasGivenUpIsToldWithItsInterval() {
        Map<String, Object> event = new HashMap<>();
        event.put("event_id", "0190ffff-0000-7000-8000-0000000000e3");
        event.put("at", Sample.NOW - 120_000L);
        event.put("type", "instance.volume_restored");
        event.put("version", 1);
        event.put(
                "data",
                "{\"node_id\":\"" + Sample.QUAY + "\",\"node_name\":\"quay\",\"restored_at\":\"2026-03-01T11:56:40Z\","
                        + "\"revision\":5,\"service_name\":\"web\",\"taken_at\":\"2026-03-01T11:55:58Z\","
                        + "\"volume\":\"data\"}");
        cloud.answering("DM_get_events", Sample.page("events", null, event));

        assertThat(operator.runs("event", "ls").out())
                .contains("2 min  instance.volume_restored  node quay, restored at 2026-03-01T11:56:40Z, revision 5,"
                        + " service web, taken at 2026-03-01T11:55:58Z, volume data");
    }

    @Test
    void eventsAreListedForPeopleAndForScripts() throws IOException {
        Map<String, Object> event = new HashMap<>();
        event.put("event_id", "0190ffff-0000-7000-8000-0000000000e1");
        event.put("customer_id", Sample.CUSTOMER);
        event.put("at", Sample.NOW - 120_000L);
        event.put("type", "node.offline");
        event.put("version", 1);
        event.put("node_id", Sample.QUAY);
        for (String none : List.of("node_service_instance_id", "node_service_id", "rollout_id", "webhook_id")) {
            event.put(none, null);
        }
        event.put("data", "{\"node_id\":\"" + Sample.QUAY + "\",\"node_name\":\"quay\"}");
        cloud.answering("DM_get_events", Sample.page("events", null, event));

        shows("event-ls.txt", "event", "ls");
        shows(
                "event-ls.json",
                "event",
                "ls",
                "-t",
                "node.offline",
                "--node",
                Sample.QUAY,
                "--after",
                "e0",
                "-o",
                "json");

        assertThat(cloud.asked("DM_get_events").getFirst())
                .isEqualTo(Map.of("customer_id", Sample.CUSTOMER, "take", 50, "oldest_first", false));
        assertThat(cloud.asked("DM_get_events").getLast())
                .containsEntry("types", List.of("node.offline"))
                .containsEntry("node_id", Sample.QUAY)
                .containsEntry("oldest_first", true)
                .containsEntry("cursor", "e0");
    }

    @Test
    void aNewWebhooksSecretIsAloneOnTheStandardOutput() {
        Operator.Result result = operator.runs(
                "webhook",
                "create",
                "pager",
                "https://pager.example/skerry",
                "-t",
                "node.offline",
                "-t",
                "rollout.*",
                "--group",
                "trains");

        assertThat(result.out()).isEqualTo(SECRET + "\n");
        assertThat(result.err()).contains("shown once").doesNotContain(SECRET);
        assertThat(cloud.asked("DM_create_webhook"))
                .containsExactly(Map.of(
                        "customer_id",
                        Sample.CUSTOMER,
                        "name",
                        "pager",
                        "url",
                        "https://pager.example/skerry",
                        "event_types",
                        List.of("node.offline", "rollout.*"),
                        "group_id",
                        TRAINS));
    }

    @Test
    void webhooksAreListedAndShown() throws IOException {
        shows("webhook-ls.txt", "webhook", "ls");
        shows("webhook-ls.json", "webhook", "ls", "-o", "json");
        shows("webhook-show.txt", "webhook", "show", "pager");
        shows("webhook-show-disabled.txt", "webhook", "show", BELL);
    }

    @Test
    void whatIsNamedIsChangedAndNothingElse() {
        assertThat(operator.runs("webhook", "set", "bell", "--enable").code()).isZero();
        assertThat(operator.runs("webhook", "set", "pager", "--all-types", "--group", "/", "--disable")
                        .code())
                .isZero();

        assertThat(cloud.asked("DM_update_webhook").getFirst()).isEqualTo(Map.of("webhook_id", BELL, "enabled", true));
        Map<String, Object> all =
                new HashMap<>(Map.of("webhook_id", PAGER, "enabled", false, "event_types", List.of()));
        all.put("group_id", null);
        assertThat(cloud.asked("DM_update_webhook").getLast()).isEqualTo(all);
        assertThat(operator.runs("webhook", "set", "pager").code()).isEqualTo(2);
        assertThat(operator.runs("webhook", "set", "pager", "--enable", "--disable")
                        .code())
                .isEqualTo(2);
        assertThat(operator.runs("webhook", "set", "pager", "--all-types", "-t", "node.*")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void aPingIsFollowedUntilTheReceiverAnswered() {
        var looks = new AtomicInteger();
        cloud.answering(
                "DM_get_webhook_deliveries",
                asked -> Sample.page(
                        "deliveries",
                        null,
                        looks.incrementAndGet() < 3
                                ? delivery(DELIVERY, "aside")
                                : delivery(DELIVERY, "delivered", attempt(1, 200, null))));

        Operator.Result taken = operator.runs("webhook", "test", "pager");
        assertThat(taken.code()).isZero();
        assertThat(taken.out()).isEqualTo("pager took it within 41 ms.\n");

        cloud.answering(
                "DM_get_webhook_deliveries", Sample.page("deliveries", null, delivery(DELIVERY, "aside", refused())));
        Operator.Result refused = operator.runs("webhook", "test", "pager");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("The receiver answered 503.", "[webhook.status]");

        cloud.answering("DM_get_webhook_deliveries", Sample.page("deliveries", null, delivery(DELIVERY, "aside")));
        assertThat(operator.runs("webhook", "test", "pager").out()).contains("isn't known yet");
    }

    @Test
    void deliveriesAreListedWithWhyAndWhen() throws IOException {
        cloud.answering(
                "DM_get_webhook_deliveries",
                Sample.page(
                        "deliveries",
                        null,
                        delivery(DELIVERY, "waiting", refused()),
                        delivery(DELIVERY.replace("d1", "d0"), "delivered", attempt(1, 200, null))));

        shows("webhook-deliveries.txt", "webhook", "deliveries", "pager");
        shows("webhook-deliveries.json", "webhook", "deliveries", "pager", "--state", "waiting", "-o", "json");

        assertThat(cloud.asked("DM_get_webhook_deliveries").getLast())
                .isEqualTo(Map.of("webhook_id", PAGER, "state", "waiting", "take", 50));
    }

    @Test
    void aSecretIsRotatedAWebhookRemovedAndAMessageSentOnceMore() {
        assertThat(operator.runs("webhook", "rotate", "pager", "--overlap-minutes", "60")
                        .out())
                .isEqualTo(SECRET + "\n");
        assertThat(operator.runs("webhook", "rm", "pager").out()).isEqualTo("pager is gone.\n");
        assertThat(operator.runs("webhook", "redeliver", DELIVERY).out()).isEqualTo("It is sent once more.\n");

        assertThat(cloud.asked("DM_rotate_webhook_secret"))
                .containsExactly(Map.of("webhook_id", PAGER, "overlap_minutes", 60));
        assertThat(cloud.asked("DM_remove_webhook")).containsExactly(Map.of("webhook_id", PAGER));
        assertThat(cloud.asked("DM_redeliver_webhook_delivery"))
                .containsExactly(Map.of("webhook_delivery_id", DELIVERY));
    }

    @Test
    void aWebhookThatIsntThereIsNamed() {
        Operator.Result result = operator.runs("webhook", "show", "pagr");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("no webhook 'pagr'").contains("Did you mean pager?");
    }
}
