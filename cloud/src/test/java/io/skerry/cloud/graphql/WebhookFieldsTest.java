package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.egress.EgressAnswer;
import io.skerry.cloud.egress.EgressPost;
import io.skerry.cloud.egress.Posts;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks as they are asked for and refused. */
@Tag(TestDatabase.TAG)
class WebhookFieldsTest {
    private static final String FIELDS = "{ webhook_id name url event_types group_id enabled disabled_reason { code }"
            + " previous_secret_until failures failing_since last_success_at }";

    @TempDir
    Path folder;

    private FleetFixture fleet;
    private String customer;

    @BeforeEach
    void open() {
        fleet = FleetFixture.withoutImages(folder);
        fleet.posts = new Posts() {
            @Override
            public EgressAnswer post(EgressPost post) {
                return new EgressAnswer(500, new byte[] {'n', 'o', 0, ' ', 27, '[', '3', '1', 'm', 'r', 'o', 'o', 'm'});
            }

            @Override
            public void check(String host) {
                if (host.startsWith("10.")) {
                    throw new Problem("egress.refused", "It is private.").asException();
                }
            }

            @Override
            public boolean isPrivateAllowed() {
                return false;
            }
        };
        customer = fleet.customer("north");
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private Map<String, @Nullable Object> make(String name, String more) {
        return fleet.ask("mutation { DM_create_webhook(customer_id: \"" + customer + "\", name: \"" + name + "\", "
                + more + ") }");
    }

    private static final String URL = "url: \"https://r.example/hush\"";

    private String made(String name) {
        data(make(name, URL));
        return fleet.webhooks.list(customer).stream()
                .filter(w -> w.name().equals(name))
                .findFirst()
                .orElseThrow()
                .webhookId();
    }

    private String shown(String id) {
        return data(fleet.ask("{ DM_get_webhook(webhook_id: \"" + id + "\") " + FIELDS + " }")) + "";
    }

    @Test
    void aWebhooksSecretIsShownOnceAndNowhereElse() {
        String secret = data(make("pager", URL)).get("DM_create_webhook") + "";

        assertThat(secret).startsWith("whsec_");
        String key = secret.substring(6, 26);
        assertThat(data(fleet.ask("{ DM_get_webhooks(customer_id: \"" + customer + "\") " + FIELDS + " }")) + "")
                .contains("name=pager", "event_types=[]", "enabled=true")
                .doesNotContain(key);
        assertThat(data(fleet.ask("{ Authz_get_audit_log(customer_id: \"" + customer
                                + "\") { entries { operation after } } }"))
                        + "")
                .contains("DM_create_webhook", "https://r.example")
                .doesNotContain(key)
                .doesNotContain("hush");
        String row = fleet.storage.read(h ->
                h.createQuery("SELECT secret FROM webhooks").mapTo(String.class).one());
        assertThat(row).startsWith("1.").doesNotContain(key);
    }

    @Test
    void whoIsNoAdminSeesNoPath() {
        String id = made("pager");
        Caller viewer = new Caller(
                FleetFixture.TESTER, Optional.of(customer), Role.OPERATOR, Optional.empty(), Optional.empty());

        assertThat(data(fleet.askAs(viewer, "{ DM_get_webhook(webhook_id: \"" + id + "\") { url } }")) + "")
                .contains("url=https://r.example}");
        assertThat(shown(id)).contains("url=https://r.example/hush,");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(code(make("no good", URL))).isEqualTo("name.malformed");
        assertThat(code(make("pager", "url: \"r.example\""))).isEqualTo("webhook.url-malformed");
        assertThat(code(make("pager", "url: \"http://r.example\""))).isEqualTo("webhook.url-plain");
        assertThat(code(make("pager", "url: \"https://10.0.0.1/\""))).isEqualTo("egress.refused");
        assertThat(code(make("pager", URL + ", event_types: [\"node.gone\"]"))).isEqualTo("event.type-unknown");
        assertThat(code(make("pager", URL + ", group_id: \"none\""))).isEqualTo("group.unknown");
        made("pager");
        assertThat(code(make("pager", URL))).isEqualTo("webhook.exists");
        String other = made("other");
        assertThat(code(change(other, "name: \"pager\""))).isEqualTo("webhook.exists");
        assertThat(code(change(other, "url: \"http://r.example\""))).isEqualTo("webhook.url-plain");
        assertThat(code(change(other, "event_types: [\"*\"]"))).isEqualTo("event.type-unknown");
        assertThat(code(fleet.ask("mutation { DM_rotate_webhook_secret(webhook_id: \"" + other
                        + "\", overlap_minutes: 10081) }")))
                .isEqualTo("input.out-of-range");
        assertThat(code(fleet.ask("{ DM_get_webhook_deliveries(webhook_id: \"" + other
                        + "\", state: \"lost\") { next_cursor } }")))
                .isEqualTo("webhook.state-unknown");
    }

    private Map<String, @Nullable Object> change(String id, String what) {
        return fleet.ask("mutation { DM_update_webhook(webhook_id: \"" + id + "\", " + what + ") }");
    }

    @Test
    void aCustomerHasTwentyAtMost() {
        for (int i = 0; i < 20; i++) {
            made("w" + i);
        }

        assertThat(code(make("more", URL))).isEqualTo("webhook.too-many");
        String south = fleet.customer("south");
        data(fleet.ask("mutation { DM_create_webhook(customer_id: \"" + south + "\", name: \"w\", " + URL + ") }"));
    }

    @Test
    void anotherCustomersAreAsIfTheyWerentThere() {
        String id = made("pager");
        String delivery = data(fleet.ask("mutation { DM_test_webhook(webhook_id: \"" + id + "\") }"))
                        .get("DM_test_webhook")
                + "";
        String other = fleet.customer("south");

        assertThat(data(fleet.askAs(other, "{ DM_get_webhook(webhook_id: \"" + id + "\") { name } }")) + "")
                .contains("DM_get_webhook=null");
        for (String mutation : List.of(
                "DM_update_webhook(webhook_id: \"" + id + "\", enabled: false)",
                "DM_rotate_webhook_secret(webhook_id: \"" + id + "\")",
                "DM_remove_webhook(webhook_id: \"" + id + "\")",
                "DM_test_webhook(webhook_id: \"" + id + "\")")) {
            assertThat(code(fleet.askAs(other, "mutation { " + mutation + " }")))
                    .as(mutation)
                    .isEqualTo("webhook.unknown");
        }
        assertThat(code(fleet.askAs(
                        other, "{ DM_get_webhook_deliveries(webhook_id: \"" + id + "\") { next_cursor } }")))
                .isEqualTo("webhook.unknown");
        assertThat(code(fleet.askAs(
                        other,
                        "mutation { DM_redeliver_webhook_delivery(webhook_delivery_id: \"" + delivery + "\") }")))
                .isEqualTo("webhook.delivery-unknown");
        assertThat(code(fleet.askAs(other, "{ DM_get_webhooks(customer_id: \"" + customer + "\") { name } }")))
                .isEqualTo("customer.unknown");
        assertThat(code(fleet.askAs(
                        other,
                        "mutation { DM_create_webhook(customer_id: \"" + customer + "\", name: \"x\", " + URL + ") }")))
                .isEqualTo("customer.unknown");
    }

    @Test
    void whatIsLeftOutOfAChangeStays() {
        data(make("pager", URL + ", event_types: [\"node.*\", \"rollout.paused\"]"));
        String id = fleet.webhooks.list(customer).getFirst().webhookId();

        data(change(id, "enabled: false"));
        assertThat(shown(id)).contains("enabled=false", "event_types=[node.*, rollout.paused]", "disabled_reason=null");
        assertThat(code(fleet.ask("mutation { DM_test_webhook(webhook_id: \"" + id + "\") }")))
                .isEqualTo("webhook.disabled");

        data(change(id, "name: \"bell\", event_types: null, enabled: true"));
        assertThat(shown(id)).contains("name=bell", "enabled=true", "event_types=[],");
    }

    @Test
    void theLogTellsEachAttempt() {
        String id = made("pager");
        data(fleet.ask("mutation { DM_test_webhook(webhook_id: \"" + id + "\") }"));
        fleet.deliveryLoop().turn();

        assertThat(data(fleet.ask("{ DM_get_webhook_deliveries(webhook_id: \"" + id
                                + "\", state: \"aside\") { next_cursor deliveries { event_type state tries ended_at"
                                + " attempts { number status answer problem { code } } } } }"))
                        + "")
                .contains(
                        "event_type=webhook.ping, state=aside, tries=1, ended_at=null",
                        // What the receiver wrote can do nothing to a terminal or a database.
                        "attempts=[{number=1, status=500, answer=no? ?[31mroom, problem={code=webhook.status}}]");
        assertThat(shown(id)).contains("failures=1", "last_success_at=null");
    }

    @Test
    void whatIsRemovedIsGoneWithItsDeliveries() {
        String id = made("pager");
        data(fleet.ask("mutation { DM_test_webhook(webhook_id: \"" + id + "\") }"));

        data(fleet.ask("mutation { DM_remove_webhook(webhook_id: \"" + id + "\") }"));

        assertThat(shown(id)).contains("DM_get_webhook=null");
        assertThat(fleet.storage.<Integer>read(h -> h.createQuery("SELECT COUNT(*) FROM webhook_deliveries")
                        .mapTo(Integer.class)
                        .one()))
                .isZero();
    }
}
