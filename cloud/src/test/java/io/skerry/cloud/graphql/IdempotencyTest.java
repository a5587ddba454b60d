package io.skerry.cloud.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.registry.ApiKeyAuthenticator;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Customer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that are sent again with the same idempotency key, over HTTP and WebSocket. */
@Tag(TestDatabase.TAG)
class IdempotencyTest {
    private static final String MAKE_ACME = "mutation { Authz_create_customer(name: \\\"acme\\\") }";
    private static final String MAKE_KEY = "mutation { Authz_create_api_key(name: \\\"build\\\", role: viewer) }";

    private final Path root;
    private final HttpClient http = HttpClient.newHttpClient();
    private FleetFixture fleet;
    private LocalServer server;
    private final String key;

    IdempotencyTest(@TempDir Path root) throws Exception {
        this.root = root;
        fleet = new FleetFixture(root, new MemoryRegistry(), Set.of());
        server = new LocalServer(fleet, new ApiKeyAuthenticator(fleet.keys));
        key = fleet.keyOfInstallation("test").secret();
    }

    @BeforeEach
    void nothingIsThereYet() {
        assertThat(customers()).isEmpty();
    }

    @AfterEach
    void close() {
        http.close();
        server.close();
        fleet.close();
    }

    private void restart() throws Exception {
        server.close();
        fleet.close();
        fleet = new FleetFixture(root, new MemoryRegistry(), Set.of());
        server = new LocalServer(fleet, new ApiKeyAuthenticator(fleet.keys));
    }

    private HttpRequest request(String authorization, String idempotencyKey, String query) {
        return HttpRequest.newBuilder(server.at("/graphql"))
                .header("authorization", authorization)
                .header("content-type", "application/json")
                .header("idempotency-key", idempotencyKey)
                .POST(BodyPublishers.ofString("{\"query\":\"" + query + "\"}"))
                .build();
    }

    private HttpResponse<String> post(String idempotencyKey, String query) throws Exception {
        return http.send(request("apikey " + key, idempotencyKey, query), BodyHandlers.ofString());
    }

    private List<String> customers() {
        return fleet.customers.visibleTo(Caller.everything(FleetFixture.TESTER), 200, "").items().stream()
                .map(Customer::name)
                .toList();
    }

    @Test
    void aKeyThatIsShownOnceIsShownAgainToWhoRepeatsTheCallAlsoAfterARestart() throws Exception {
        String first = post("k", MAKE_KEY).body();
        assertThat(first).contains("skk_");
        assertThat(post("k", MAKE_KEY).body()).isEqualTo(first);
        restart();
        HttpResponse<String> again = post("\"k\"", MAKE_KEY);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first);
        assertThat(fleet.keys.list(Optional.empty(), 200, "").items()).hasSize(2);
        String secret = first.substring(first.indexOf("skk_"), first.indexOf("skk_") + 47);
        List<String> rows =
                fleet.storage.read(h -> h.createQuery("SELECT * FROM idempotent_calls").mapToMap().list().stream()
                        .map(Object::toString)
                        .toList());
        assertThat(rows).hasSize(1).noneMatch(row -> row.contains(secret));
    }

    @Test
    void theSameCallSentManyTimesAtOnceIsDoneOnce() {
        List<CompletableFuture<HttpResponse<String>>> sent = Stream.generate(
                        () -> http.sendAsync(request("apikey " + key, "k", MAKE_ACME), BodyHandlers.ofString()))
                .limit(5)
                .toList();
        assertThat(sent.stream().map(f -> f.join().body()).distinct())
                .hasSize(1)
                .first()
                .asString()
                .contains("data");
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void overWebSocketItIsDoneOnceTooAndIsTheSameCallAsOverHttp() throws Exception {
        try (LiveClient client = live()) {
            String first = sent(client, "1", "k", MAKE_KEY).told("next");
            client.hears("complete");
            assertThat(first).contains("skk_");
            assertThat(sent(client, "2", "k", MAKE_KEY).told("next")).isEqualTo(first);
            client.hears("complete");
            String secret = first.substring(first.indexOf("skk_"), first.indexOf("skk_") + 47);
            assertThat(post("k", MAKE_KEY).body()).contains(secret);
        }
        assertThat(fleet.keys.list(Optional.empty(), 200, "").items()).hasSize(2);
    }

    @Test
    void overWebSocketOtherInputIsRefused() {
        try (LiveClient client = live()) {
            sent(client, "1", "k", MAKE_ACME).hears("next");
            client.hears("complete");
            assertThat(sent(client, "2", "k", MAKE_ACME.replace("acme", "umbrella"))
                            .told("error"))
                    .contains("idempotency.other-input");
        }
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void overHttpItMayStandInTheRequestToo() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.at("/graphql"))
                .header("authorization", "apikey " + key)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"query\":\"" + MAKE_ACME + "\",\"extensions\":{\"idempotencyKey\":\"k\"}}"))
                .build();
        String first = http.send(request, BodyHandlers.ofString()).body();

        assertThat(http.send(request, BodyHandlers.ofString()).body()).isEqualTo(first);
        assertThat(post("k", MAKE_ACME).body()).isEqualTo(first);
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void overWebSocketAMalformedKeyRefusesTheChangeAndNotTheConnection() {
        try (LiveClient client = live()) {
            assertThat(sent(client, "1", " ", MAKE_ACME).told("error")).contains("idempotency.key-malformed");
            sent(client, "2", "k", MAKE_ACME).hears("next");
        }
    }

    @Test
    void twoKeysForOneChangeContradictEachOther() throws Exception {
        HttpResponse<String> answer =
                post("k", MAKE_ACME + "\",\"extensions\":{\"idempotencyKey\":\"other\"},\"x\":\"");

        assertThat(answer.body()).contains("input.contradiction");
        assertThat(customers()).isEmpty();
    }

    private LiveClient live() {
        return LiveClient.at(http, URI.create("ws://127.0.0.1:" + server.port() + "/graphql"))
                .begins("{'authorization':'apikey " + key + "'}");
    }

    private static LiveClient sent(LiveClient client, String id, String idempotencyKey, String query) {
        return client.says("{'type':'subscribe','id':'" + id + "','payload':{'query':'" + query
                + "','extensions':{'idempotencyKey':'" + idempotencyKey + "'}}}");
    }

    @Test
    void anEmptyOperationNameIsNone() throws Exception {
        String query = MAKE_KEY + "\",\"operationName\":\"";
        String first = post("k", query).body();
        assertThat(first).contains("skk_");
        assertThat(post("k", query).body()).isEqualTo(first);
    }

    @Test
    void withOtherInputItIsRefused() throws Exception {
        post("k", MAKE_ACME);
        HttpResponse<String> other = post("k", MAKE_ACME.replace("acme", "umbrella"));
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("\"idempotency.other-input\"");
        assertThat(customers()).containsExactly("acme");
    }

    @Test
    void eachCallerHasKeysOfItsOwn() throws Exception {
        String other = fleet.keyOfInstallation("other").secret();
        String first = post("k", MAKE_KEY).body();
        String second = http.send(request("Bearer " + other, "k", MAKE_KEY), BodyHandlers.ofString())
                .body();
        assertThat(second).contains("skk_").isNotEqualTo(first);
        assertThat(http.send(request("Bearer " + key, "k", MAKE_KEY), BodyHandlers.ofString())
                        .body())
                .isEqualTo(first);
    }

    @Test
    void withoutAKeyOrWithAnotherOneACallIsCarriedOutAgain() throws Exception {
        String first = post("1", MAKE_KEY).body();
        assertThat(post("2", MAKE_KEY).body()).contains("skk_").isNotEqualTo(first);
    }

    @Test
    void aCallThatWasRefusedMayBeRepeatedOnceNothingStandsInItsWay() throws Exception {
        String id = fleet.customer("first");
        String group =
                "mutation { Authz_create_group(customer_id: \\\"%s\\\", name: \\\"inner\\\", parent_group_id: \\\"%s\\\") }";
        assertThat(post("k", group.formatted(id, "absent")).body()).contains("group.unknown");
        String parent = post(
                        "p", "mutation { Authz_create_group(customer_id: \\\"" + id + "\\\", name: \\\"outer\\\") }")
                .body()
                .replaceAll(".*:\"([^\"]+)\".*", "$1");
        assertThat(post("k", group.formatted(id, parent)).body())
                .contains("\"data\"")
                .doesNotContain("errors");
    }

    @Test
    void queriesAreAlwaysAnsweredAnew() throws Exception {
        String query = "{ Authz_customers { name } }";
        assertThat(post("k", query).body()).doesNotContain("acme");
        fleet.customer("acme");
        assertThat(post("k", query).body()).contains("acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "\"\""})
    void aMalformedKeyIsRefusedBeforeAnythingIsDone(String malformed) throws Exception {
        HttpResponse<String> answer = post(malformed, MAKE_ACME);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"idempotency.key-malformed\"");
        assertThat(customers()).isEmpty();
    }

    @Test
    void aKeyThatIsTooLongIsRefused() throws Exception {
        assertThat(post("k".repeat(256), MAKE_ACME).statusCode()).isEqualTo(400);
        assertThat(post("k".repeat(255), MAKE_ACME).statusCode()).isEqualTo(200);
    }
}
