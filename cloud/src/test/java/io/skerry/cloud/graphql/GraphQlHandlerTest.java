package io.skerry.cloud.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.cloud.registry.ApiKeyAuthenticator;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag(TestDatabase.TAG)
class GraphQlHandlerTest {
    private static final String CUSTOMERS = "{\"query\":\"{ Authz_customers { name } }\"}";

    private final MemoryRegistry registry = new MemoryRegistry();
    private final FleetFixture fleet;
    private final LocalServer server;
    private final String key;
    private final HttpClient http = HttpClient.newHttpClient();

    GraphQlHandlerTest(@TempDir Path root) throws Exception {
        fleet = new FleetFixture(root, registry, Set.of());
        key = fleet.keyOfInstallation("test").secret();
        fleet.customer("acme");
        server = new LocalServer(fleet, new ApiKeyAuthenticator(fleet.keys));
    }

    @AfterEach
    void close() {
        http.close();
        server.close();
        fleet.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.at(path)).header("authorization", "apikey " + key);
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String body) throws Exception {
        return send(request("/graphql")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void answersInTheFormThatIsAskedFor() throws Exception {
        HttpResponse<String> plain = post(CUSTOMERS);
        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(plain.body()).isEqualTo("{\"data\":{\"Authz_customers\":[{\"name\":\"acme\"}]}}");
        assertThat(plain.headers().firstValue("content-type")).contains("application/json;charset=utf-8");

        HttpResponse<String> own = send(request("/graphql")
                .header("content-type", "application/json; charset=utf-8")
                .header("accept", "application/graphql-response+json, application/json;q=0.9")
                .POST(BodyPublishers.ofString(CUSTOMERS))
                .build());
        assertThat(own.statusCode()).isEqualTo(200);
        assertThat(own.headers().firstValue("content-type"))
                .contains("application/graphql-response+json;charset=utf-8");
    }

    @Test
    void variablesAndOperationNamesAreHeard() throws Exception {
        HttpResponse<String> answer = post("{\"query\":\"query A { Authz_customers { name } } query B($id: ID!)"
                + " { DM_get_node(node_id: $id) { name } }\",\"operationName\":\"B\",\"variables\":{\"id\":\"x\"}}");
        assertThat(answer.body()).isEqualTo("{\"data\":{\"DM_get_node\":null}}");
    }

    @Test
    void aCallWithoutAValidKeyIsTurnedAwayWithWords() throws Exception {
        HttpResponse<String> none = send(HttpRequest.newBuilder(server.at("/graphql"))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(CUSTOMERS))
                .build());
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.body()).contains("authorization.missing").contains("authorization: apikey <key>");
        HttpResponse<String> wrong = send(HttpRequest.newBuilder(server.at("/graphql"))
                .header("content-type", "application/json")
                .header("authorization", "Bearer skk_" + "A".repeat(43))
                .POST(BodyPublishers.ofString(CUSTOMERS))
                .build());
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).contains("authorization.unknown-key").doesNotContain("AAAA");
    }

    @Test
    void whatIsNoRequestIsRefused() throws Exception {
        assertThat(post("{").statusCode()).isEqualTo(400);
        assertThat(post("[]").body()).contains("json.malformed");
        assertThat(post("{}").body()).contains("graphql.request-malformed");
        assertThat(post("{\"query\":3}").statusCode()).isEqualTo(400);
        assertThat(post("{\"query\":\"{ __typename }\",\"variables\":[]}").statusCode())
                .isEqualTo(400);
        assertThat(post("{\"query\":" + "[".repeat(100_000)).body()).contains("nested");
        HttpRequest large = request("/graphql")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString("{\"query\":\"" + " ".repeat(1 << 20) + "\"}"))
                .build();
        assertThat(send(large).statusCode()).isEqualTo(413);
        HttpResponse<String> form = send(request("/graphql")
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("query={__typename}"))
                .build());
        assertThat(form.statusCode()).isEqualTo(415);
        HttpResponse<String> html = send(request("/graphql")
                .header("content-type", "application/json")
                .header("accept", "text/html")
                .POST(BodyPublishers.ofString(CUSTOMERS))
                .build());
        assertThat(html.statusCode()).isEqualTo(406);
    }

    @Test
    void aRefusalSaysWhenItsConnectionEnds() throws Exception {
        String refused = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: apikey " + key
                + "\r\nContent-Type: text/plain\r\nContent-Length: ";
        try (Socket socket = new Socket(server.at("/").getHost(), server.at("/").getPort())) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));

            out.write((refused + "5\r\n\r\nshort").getBytes(StandardCharsets.UTF_8));
            List<String> small = head(in);
            out.write((refused + "100000\r\n\r\nthe beginning").getBytes(StandardCharsets.UTF_8));
            List<String> large = head(in);

            assertThat(small.getFirst()).contains("415");
            assertThat(small).doesNotContain("connection: close");
            assertThat(large.getFirst()).contains("415");
            assertThat(large).contains("connection: close");
        }
    }

    /** The next answer's lines before its body, in lower case; the body is read past. */
    private static List<String> head(BufferedReader in) throws IOException {
        List<String> lines = new ArrayList<>();
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            lines.add(line.toLowerCase(Locale.ROOT));
            if (lines.getLast().startsWith("content-length: ")) {
                length = Integer.parseInt(lines.getLast().substring("content-length: ".length()));
            }
        }
        in.skip(length);
        return lines;
    }

    @Test
    void aRequestErrorIs400InGraphQlsOwnFormAnd200InPlainJson() throws Exception {
        String bad = "{\"query\":\"{ nothing }\"}";
        assertThat(post(bad).statusCode()).isEqualTo(200);
        HttpResponse<String> own = send(request("/graphql")
                .header("content-type", "application/json")
                .header("accept", "application/graphql-response+json")
                .POST(BodyPublishers.ofString(bad))
                .build());
        assertThat(own.statusCode()).isEqualTo(400);
        assertThat(own.body()).contains("nothing").contains("graphql.invalid").doesNotContain("\"data\"");
    }

    @Test
    void queriesMayComeByGetAndMutationsMayNot() throws Exception {
        HttpResponse<String> query = send(request("/graphql?query=" + encoded("{ Authz_customers { name } }"))
                .GET()
                .build());
        assertThat(query.statusCode()).isEqualTo(200);
        assertThat(query.body()).contains("acme");
        HttpResponse<String> mutation =
                send(request("/graphql?query=" + encoded("mutation { Authz_create_customer(name: \"x\") }"))
                        .GET()
                        .build());
        assertThat(mutation.statusCode()).isEqualTo(405);
        assertThat(mutation.headers().firstValue("allow")).contains("GET, POST");
        assertThat(mutation.body()).contains("http.method-not-allowed");
        assertThat(post(CUSTOMERS).body()).doesNotContain("\"x\"");
    }

    @Test
    void anEmptyOperationNameHidesNoMutation() throws Exception {
        HttpResponse<String> mutation = send(
                request("/graphql?operationName=&query=" + encoded("mutation { Authz_create_customer(name: \"x\") }"))
                        .GET()
                        .build());
        assertThat(mutation.statusCode()).isEqualTo(405);
        assertThat(post(CUSTOMERS).body()).doesNotContain("\"x\"");
    }

    @Test
    void textsAreAsLongAsTheirOwnLimitsSay() throws Exception {
        String name = "x".repeat(60_000);
        assertThat(
                        post("{\"query\":\"query($c: ID!) { DM_get_nodes(customer_id: $c) { next_cursor } }\",\"variables\":{\"c\":\""
                                        + name + "\"}}")
                                .body())
                .isEqualTo("{\"data\":{\"DM_get_nodes\":{\"next_cursor\":null}}}");
        assertThat(post("{\"query\":\"{ Authz_customers { name } } #" + name + "\"}")
                        .body())
                .contains("acme");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"query\":\"mutation($n: String!) { Authz_create_customer(name: $n) }\",\"variables\":{\"n\":\"a\\ud800b\"}}",
                "{\"query\":\"{ Authz_customers { name } }\",\"variables\":{\"\\udc00\":[]}}",
                "{\"query\":\"# \\udc00 \\ud800\\n{ Authz_customers { name } }\"}"
            })
    void halfACharacterIsNoJson(String body) throws Exception {
        HttpResponse<String> answer = post(body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("json.malformed", "half of a character");
    }

    @Test
    void halfACharacterInAQuerysOwnTextIsRefusedToo() throws Exception {
        assertThat(post("{\"query\":\"mutation { Authz_create_customer(name: \\\"a\\\\ud800b\\\") }\"}")
                        .body())
                .contains("errors")
                .doesNotContain("\"internal\"");
    }

    @Test
    void aQueryThatWasSentOnceIsEnoughByItsHash() throws Exception {
        String query = "{ Authz_customers { name } }";
        String extensions = "{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\""
                + Digest.of(query.getBytes(StandardCharsets.UTF_8)).hex() + "\"}}";
        HttpResponse<String> first = post("{\"extensions\":" + extensions + "}");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).contains("PersistedQueryNotFound").contains("\"PERSISTED_QUERY_NOT_FOUND\"");
        assertThat(post("{\"query\":\"" + query + "\",\"extensions\":" + extensions + "}")
                        .body())
                .contains("acme");
        assertThat(send(request("/graphql?extensions=" + encoded(extensions))
                                .GET()
                                .build())
                        .body())
                .contains("acme");
    }

    @Test
    void aBrowserThatOpensTheAddressGetsAPageAndAProgramDoesnt() throws Exception {
        String browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        HttpResponse<String> page = send(HttpRequest.newBuilder(server.at("/graphql"))
                .header("accept", browser)
                .build());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http");
        // Nothing that it names is elsewhere, and nothing is inline, which the policy would refuse.
        assertThat(page.body())
                .contains("src=\"/graphql/explorer.js\"")
                .doesNotContain("http:", "https:", "style=", "onclick=", "<style");
        HttpResponse<String> query = send(request("/graphql?query=" + encoded("{ Authz_customers { name } }"))
                .header("accept", "application/json, text/html;q=0.5")
                .build());
        assertThat(query.body()).contains("acme");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void anImportThatTakesLongerThanAConnectionMayBeIdleIsAnswered() throws Exception {
        registry.push("web", "1", TestImage.of(Architecture.AMD64, "one"));
        var gate = new CountDownLatch(1);
        registry.hold(gate);
        String query = "mutation { DM_import_node_service(input: { customer_id: \\\"" + customer()
                + "\\\" node_service_input: { name: \\\"web\\\" } image_sources: [{ arch: amd64 image_reference:"
                + " \\\"r.example/web:1\\\" }] }) }";
        Duration idle = Duration.ofSeconds(1);
        try (var hasty = new LocalServer(fleet, new ApiKeyAuthenticator(fleet.keys), idle)) {
            var answer = http.sendAsync(
                    HttpRequest.newBuilder(hasty.at("/graphql"))
                            .header("authorization", "apikey " + key)
                            .header("content-type", "application/json")
                            .POST(BodyPublishers.ofString("{\"query\":\"" + query + "\"}"))
                            .build(),
                    BodyHandlers.ofString());
            await().during(idle.multipliedBy(3)).atMost(Duration.ofSeconds(20)).until(() -> !answer.isDone());
            gate.countDown();
            assertThat(answer.get().body()).contains("\"data\":{\"DM_import_node_service\":\"");
        }
    }

    private String customer() {
        return fleet.customers
                .visibleTo(Caller.everything(FleetFixture.TESTER), 200, "")
                .items()
                .getFirst()
                .customerId();
    }

    @Test
    void aFaultOfOursIsToldOnlyByAnId() throws Exception {
        fleet.storage.write(h -> h.execute("DROP TABLE imports"));
        HttpResponse<String> answer = post("{\"query\":\"{ DM_get_node_service_imports(customer_id: \\\"" + customer()
                + "\\\") { imports { state } } }\"}");
        assertThat(answer.body())
                .contains("\"internal\"")
                .doesNotContain("imports (")
                .doesNotContain("SQL");
    }
}
