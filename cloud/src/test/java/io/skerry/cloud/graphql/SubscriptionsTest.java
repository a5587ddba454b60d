package io.skerry.cloud.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.skerry.cloud.node.DeviceStatuses;
import io.skerry.cloud.registry.ApiKeyAuthenticator;
import io.skerry.cloud.rollout.Report;
import io.skerry.cloud.rollout.Stand;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.KeyGrant;
import io.skerry.cloud.tenancy.NewApiKey;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Architecture;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
class SubscriptionsTest {
    private final MemoryRegistry registry = new MemoryRegistry();
    private final FleetFixture fleet;
    private final LocalServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String customer;
    private final String node;
    private final NewApiKey key;

    SubscriptionsTest(@TempDir Path root) throws Exception {
        fleet = new FleetFixture(root, registry, Set.of());
        server = new LocalServer(fleet, new ApiKeyAuthenticator(fleet.keys));
        customer = fleet.customer("acme");
        node = fleet.node(customer, "gate", Architecture.AMD64);
        key = fleet.key(customer, "test");
    }

    @AfterEach
    void close() {
        http.shutdownNow();
        server.close();
        fleet.close();
    }

    private URI address() {
        return URI.create("ws://127.0.0.1:" + server.port() + "/graphql");
    }

    private LiveClient connected() {
        return LiveClient.at(http, address());
    }

    private LiveClient begun(String secret) {
        return connected().begins("{'authorization':'apikey " + secret + "'}");
    }

    private static String watching(String nodeId) {
        return "subscription { DM_watch_node(node_id: \\\"" + nodeId + "\\\") { name } }";
    }

    private void rename(String name) {
        fleet.ask("mutation { DM_update_node(node_id: \"" + node + "\", name: \"" + name + "\") }");
    }

    @Test
    void aNodeIsToldAsItIsAndAgainEachTimeThatItDiffers() {
        try (LiveClient client = begun(key.secret())) {
            client.subscribes("1", watching(node));
            assertThat(client.told("next")).isEqualTo("{data={DM_watch_node={name=gate}}}");
            rename("quay");
            assertThat(client.told("next")).isEqualTo("{data={DM_watch_node={name=quay}}}");
            client.says("{'type':'complete','id':'1'}");
            rename("pier");
            client.says("{'type':'ping'}");
            client.hears("pong");
            assertThat(client.heardNothingMore()).isTrue();
        }
    }

    @Test
    void alsoWithAnEmptyOperationNameItIsFollowed() {
        try (LiveClient client = begun(key.secret())) {
            client.says(
                    "{'type':'subscribe','id':'1','payload':{'operationName':'','query':'" + watching(node) + "'}}");
            assertThat(client.told("next")).contains("gate");
            rename("quay");
            assertThat(client.told("next")).contains("quay");
        }
    }

    @Test
    void anInstanceIsToldAsItsDeviceReports() {
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "one"));
        Object service = FleetFixture.data(
                        fleet.ask("mutation { DM_import_node_service(input: { customer_id: \"" + customer
                                + "\" node_service_input: { name: \"web\" } image_sources: [{ arch: amd64 image_reference:"
                                + " \"r.example/web:1\" }] }) }"))
                .get("DM_import_node_service");
        Object instance = FleetFixture.data(fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \""
                        + service + "\", node_id: \"" + node + "\") }"))
                .get("DM_add_node_service_instance");
        try (LiveClient client = begun(key.secret())) {
            client.subscribes(
                    "1",
                    "subscription { DM_watch_node_service_instance(node_service_instance_id: \\\"" + instance
                            + "\\\") { node_online version_target_selector state } }");
            assertThat(client.told("next")).contains("node_online=false", "state=pending");
            fleet.presence.heard(node);
            fleet.statuses.reported(node, waiting());
            assertThat(client.told("next")).contains("node_online=true");
            fleet.ask(
                    "mutation { DM_remove_node_service_instances(node_service_instance_ids: [\"" + instance + "\"]) }");
            assertThat(client.told("next")).isEqualTo("{data={DM_watch_node_service_instance=null}}");
        }
    }

    @Test
    void aRollOutIsToldWithEachStepAndItsEndIsTheEnd() {
        String service = Sample.service(fleet, customer, "web", 1);
        fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \"" + node
                + "\") }");
        fleet.ask("mutation { DM_set_rollout_policy(node_service_id: \"" + service
                + "\", policy: {phases: [{count: 1}, {approval: true}], manual: true}) }");
        Sample.version(fleet, service, 2);
        String rollout = fleet.rollouts.newest(service).orElseThrow().rollout().rolloutId();
        try (LiveClient client = begun(key.secret())) {
            client.subscribes("1", followed(rollout));
            assertThat(client.told("next"))
                    .contains("state=waiting", "reason=null", "phase=1", "progress={total=1, admitted=0, done=0}");
            fleet.ask("mutation { DM_start_rollout(node_service_id: \"" + service + "\") }");
            assertThat(client.told("next")).contains("state=running", "admitted=0");
            fleet.presence.heard(node);
            String instance =
                    fleet.instances.ofService(service).findFirst().orElseThrow().instanceId();
            fleet.turns.advance(s -> Map.of(instance, new Report(2, Stand.PENDING, true, true, true)));
            assertThat(client.told("next")).contains("state=running", "admitted=1, done=0");
            fleet.turns.advance(s -> Map.of(instance, new Report(2, Stand.DONE, true, false, false)));
            assertThat(client.told("next")).contains("state=awaiting-approval", "phase=1");
            fleet.ask("mutation { DM_abort_rollout(rollout_id: \"" + rollout + "\") }");
            assertThat(client.told("next")).contains("state=aborted");
            client.hears("complete");
            client.subscribes("1", followed(rollout));
            assertThat(client.told("next")).as("its id is free again").contains("state=aborted");
            client.hears("complete");
        }
    }

    private static String followed(String rollout) {
        return "subscription { DM_watch_rollout(rollout_id: \\\"" + rollout
                + "\\\") { state reason { code } phase progress { total admitted done } } }";
    }

    @Test
    void aRollOutThatPausesTellsWhy() {
        String service = Sample.service(fleet, customer, "web", 1);
        fleet.ask("mutation { DM_add_node_service_instance(node_service_id: \"" + service + "\", node_id: \"" + node
                + "\") }");
        fleet.ask("mutation { DM_set_rollout_policy(node_service_id: \"" + service + "\", policy: {phases: [{}]}) }");
        Sample.version(fleet, service, 2);
        String rollout = fleet.rollouts.newest(service).orElseThrow().rollout().rolloutId();
        String instance =
                fleet.instances.ofService(service).findFirst().orElseThrow().instanceId();
        fleet.turns.advance(s -> Map.of(instance, new Report(2, Stand.PENDING, true, true, true)));
        try (LiveClient client = begun(key.secret())) {
            client.subscribes("1", followed(rollout));
            client.told("next");
            fleet.turns.advance(s -> Map.of(instance, new Report(2, Stand.FAILED, true, false, false)));
            assertThat(client.told("next")).contains("state=paused", "reason={code=rollout.failures}");
        }
    }

    @Test
    void anotherCustomersRollOutIsAsIfAbsentWhichIsTheEnd() {
        String theirs = fleet.customer("south");
        String service = Sample.service(fleet, theirs, "web", 1);
        fleet.ask("mutation { DM_set_rollout_policy(node_service_id: \"" + service
                + "\", policy: {phases: [{}], manual: true}) }");
        Sample.version(fleet, service, 2);
        String rollout = fleet.rollouts.newest(service).orElseThrow().rollout().rolloutId();
        try (LiveClient client = begun(key.secret())) {
            client.subscribes("1", followed(rollout));
            assertThat(client.told("next")).isEqualTo("{data={DM_watch_rollout=null}}");
            client.hears("complete");
        }
    }

    private static DeviceStatus waiting() {
        return DeviceStatuses.idle(
                new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), FleetFixture.FEATURES, 2));
    }

    @Test
    void theClientOfGraphqlWsFollowsANode() throws Exception {
        assertThat(NodePrograms.run(
                        "watch-node.mjs",
                        Map.of("SKERRY_API_KEY", key.secret()),
                        address().toString(),
                        node,
                        "1"))
                .containsExactly("{\"data\":{\"DM_watch_node\":{\"name\":\"gate\"}}}");
        assertThat(NodePrograms.run(
                        "watch-node.mjs",
                        Map.of("SKERRY_API_KEY", "skk_" + "x".repeat(43)),
                        address().toString(),
                        node,
                        "1"))
                .containsExactly("ended 4403 Forbidden");
    }

    @Test
    void anotherCustomersNodeIsAsIfAbsent() {
        NewApiKey other = fleet.key(fleet.customer("umbrella"), "other");
        try (LiveClient client = begun(other.secret())) {
            client.subscribes("1", watching(node));
            assertThat(client.told("next")).isEqualTo("{data={DM_watch_node=null}}");
        }
    }

    @Test
    void aSubscriptionEndsWithTheKeyThatMayHaveIt() {
        try (LiveClient client = begun(key.secret())) {
            client.subscribes("1", watching(node));
            client.hears("next");
            fleet.keys.revoke(key.apiKeyId(), FleetFixture.TESTER);
            assertThat(client.closedWith()).isEqualTo(4403);
        }
        NewApiKey brief = fleet.keys.create(
                new KeyGrant(
                        Optional.of(customer),
                        "brief",
                        Role.VIEWER,
                        Optional.empty(),
                        Optional.of(Duration.ofMinutes(5))),
                Caller.everything(FleetFixture.TESTER));
        try (LiveClient client = begun(brief.secret())) {
            client.subscribes("1", watching(node));
            client.hears("next");
            fleet.later(Duration.ofMinutes(6));
            assertThat(client.closedWith()).isEqualTo(4403);
        }
    }

    @Test
    void theKeyMayComeInTheHeaderAndNobodyComesInWithoutOne() {
        try (LiveClient client = LiveClient.at(http, address(), "authorization", "apikey " + key.secret())) {
            client.begins("{}").subscribes("1", watching(node));
            client.hears("next");
        }
        try (LiveClient client = connected().says("{'type':'connection_init'}")) {
            assertThat(client.closedWith()).isEqualTo(4403);
        }
        try (LiveClient client = connected().subscribes("1", watching(node))) {
            assertThat(client.closedWith()).isEqualTo(4401);
        }
    }

    @Test
    void whatIsAgainstTheProtocolEndsTheConnection() {
        for (String malformed :
                List.of("{", "[]", "{'type':'dance'}", "{'type':'subscribe','payload':{'query':'{a}'}}", "{}")) {
            try (LiveClient client = begun(key.secret()).says(malformed)) {
                assertThat(client.closedWith()).as(malformed).isEqualTo(4400);
            }
        }
        try (LiveClient client = begun(key.secret()).says("{'type':'connection_init'}")) {
            assertThat(client.closedWith()).isEqualTo(4429);
        }
        try (LiveClient client =
                begun(key.secret()).subscribes("1", watching(node)).subscribes("1", watching(node))) {
            assertThat(client.closedWith()).isEqualTo(4409);
        }
        assertThatThrownBy(() -> http.newWebSocketBuilder()
                        .buildAsync(address(), new WebSocket.Listener() {})
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    @Test
    void queriesAndMutationsAreAnsweredOnce() {
        try (LiveClient client = begun(key.secret())) {
            client.subscribes("q", "{ Authz_customers { name } }");
            assertThat(client.told("next")).isEqualTo("{data={Authz_customers=[{name=acme}]}}");
            assertThat(client.hears("complete")).containsEntry("id", "q");
            client.subscribes("m", "mutation { DM_remove_node(node_id: \\\"" + node + "\\\") }");
            assertThat(client.told("next")).contains(node);
            client.hears("complete");
            client.subscribes("bad", "{ nothing }");
            assertThat(client.told("error")).contains("graphql.invalid");
            client.subscribes(
                    "two",
                    "subscription { a: DM_watch_node(node_id: 1) { name } b: DM_watch_node(node_id: 1) { name } }");
            assertThat(client.told("error")).contains("graphql.invalid");
        }
    }

    @Test
    void whoHasShownNoKeySaysLittle() {
        String long8k = "{'type':'ping','payload':{'a':'" + "x".repeat(8 << 10) + "'}}";
        try (LiveClient client = connected().says(long8k)) {
            assertThat(client.closedWith()).isEqualTo(1009);
        }
        try (LiveClient client = begun(key.secret()).says(long8k)) {
            client.hears("pong");
        }
    }

    @Test
    void aProtocolAmongOthersIsFound() {
        WebSocket socket = http.newWebSocketBuilder()
                .subprotocols("graphql-ws", "graphql-transport-ws")
                .buildAsync(address(), new WebSocket.Listener() {})
                .join();
        assertThat(socket.getSubprotocol()).isEqualTo("graphql-transport-ws");
        socket.abort();
    }

    @Test
    void whoAsksForMuchIsLookedAfterSeldom() {
        assertThat(LiveOperation.rest(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(100));
        assertThat(LiveOperation.rest(Duration.ofMillis(200))).isEqualTo(Duration.ofSeconds(4));
        assertThat(LiveOperation.rest(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whoEndsAnOperationHasItsPlaceOnlyOnceItHasStopped() {
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "one"));
        var pulled = new CountDownLatch(1);
        registry.hold(pulled);
        String imports = "mutation { DM_import_node_service(input: { customer_id: \\\"" + customer
                + "\\\" node_service_input: { name: \\\"web\\\" } image_sources: [{ arch: amd64 image_reference:"
                + " \\\"r.example/web:1\\\" }] }) }";
        try (LiveClient client = begun(key.secret())) {
            for (int i = 0; i < LiveConnection.MOST_OPERATIONS; i++) {
                client.subscribes("" + i, imports).says("{'type':'complete','id':'" + i + "'}");
            }
            client.subscribes("more", watching(node));
            assertThat(client.told("error")).contains("subscription.too-many");
            pulled.countDown();
            await().untilAsserted(() -> {
                client.subscribes("more", watching(node));
                assertThat(client.hears("next")).containsEntry("id", "more");
            });
        } finally {
            pulled.countDown();
        }
    }

    @Test
    void aConnectionHasOnlySoManyOperations() {
        try (LiveClient client = begun(key.secret())) {
            for (int i = 0; i < LiveConnection.MOST_OPERATIONS; i++) {
                client.subscribes("" + i, watching(node));
                client.hears("next");
            }
            client.subscribes("more", watching(node));
            assertThat(client.told("error")).contains("subscription.too-many");
            client.says("{'type':'complete','id':'3'}").subscribes("more", watching(node));
            assertThat(client.hears("next")).containsEntry("id", "more");
        }
    }

    @Test
    void aKeyHasOnlySoManyConnections() {
        List<LiveClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < LiveDoor.MOST_OF_ONE_KEY; i++) {
                clients.add(begun(key.secret()));
            }
            try (LiveClient more = connected()
                    .says("{'type':'connection_init','payload':{'authorization':'apikey " + key.secret() + "'}}")) {
                assertThat(more.closedWith()).isEqualTo(4429);
            }
            try (LiveClient other = begun(fleet.key(customer, "other").secret())) {
                other.says("{'type':'ping'}").hears("pong");
            }
        } finally {
            clients.forEach(LiveClient::close);
        }
    }

    @Test
    void strangersGiveWay() {
        List<LiveClient> strangers = new ArrayList<>();
        try (LiveClient known = begun(key.secret())) {
            for (int i = 1; i < LiveDoor.MOST; i++) {
                strangers.add(connected());
            }
            try (LiveClient client = begun(key.secret())) {
                // On a slow machine its ten seconds to show a key may be over before all of them are connected.
                assertThat(strangers.getFirst().closedWith()).isIn(1013, 4408);
                client.says("{'type':'ping'}").hears("pong");
                known.says("{'type':'ping'}").hears("pong");
            }
        } finally {
            strangers.forEach(LiveClient::close);
        }
    }

    @Test
    void whoDoesntReadIsCutOff() {
        var deaf = new WebSocket.Listener() {
            @Override
            public void onOpen(WebSocket socket) {
                // Asks for nothing.
            }
        };
        WebSocket socket = http.newWebSocketBuilder()
                .subprotocols("graphql-transport-ws")
                .header("authorization", "apikey " + key.secret())
                .buildAsync(address(), deaf)
                .join();
        socket.sendText("{\"type\":\"connection_init\"}", true).join();
        String large =
                "{ __schema { types { name description fields { name description args { name description } } } } }";
        var sent = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 2000; i++) {
                socket.sendText(
                                "{\"type\":\"subscribe\",\"id\":\"" + i + "\",\"payload\":{\"query\":\"" + large
                                        + "\"}}",
                                true)
                        .join();
            }
        });
        await().atMost(Duration.ofMinutes(2)).until(() -> server.webSockets() == 0);
        socket.abort();
        assertThat(sent.handle((done, failure) -> true).join()).isTrue();
    }

    @Test
    void overHttpASubscriptionIsRefusedWithWords() throws Exception {
        var answer = http.send(
                HttpRequest.newBuilder(server.at("/graphql"))
                        .header("authorization", "apikey " + key.secret())
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"" + watching(node) + "\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"http.subscription\"");
    }
}
