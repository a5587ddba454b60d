package io.skerry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skerry.cli.session.Browser;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person logs in with a browser; the cloud's part is played here. */
class BrowserLoginTest {
    private static final String CODE = "c".repeat(43);
    private static final String GOOD = "{\"api_key\":\"" + FakeCloud.KEY
            + "\",\"name\":\"ada@example.org\",\"expires_at\":" + (Operator.NOW.toEpochMilli() + 12 * 3_600_000L) + "}";

    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private HttpServer door;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile String exchanged = GOOD;
    private volatile int status = 200;
    private final AtomicInteger unheard = new AtomicInteger();

    @BeforeEach
    void open() throws IOException {
        cloud = FakeCloud.plain().answering("Authz_get_customers", Sample.harbour());
        door = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        door.createContext("/login/exchange", exchange -> {
            heard.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            answer(exchange, status, exchanged);
        });
        door.createContext("/logout", exchange -> {
            heard.add("logout " + exchange.getRequestHeaders().getFirst("authorization"));
            answer(exchange, status, exchanged);
        });
        door.createContext("/graphql", this::pass);
        door.start();
    }

    @AfterEach
    void close() {
        door.stop(0);
        cloud.close();
    }

    private String url() {
        return "http://localhost:" + door.getAddress().getPort();
    }

    /** What isn't about logging in is the fleet API's. */
    private void pass(HttpExchange exchange) throws IOException {
        if (unheard.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            answer(exchange, 401, "{}");
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(cloud.url() + "/graphql"))
                .header("authorization", exchange.getRequestHeaders().getFirst("authorization"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        exchange.getRequestBody().readAllBytes()))
                .build();
        HttpResponse<String> response = asks(request);
        answer(exchange, response.statusCode(), response.body());
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(status, status == 204 ? -1 : body.getBytes(UTF_8).length);
        try (OutputStream out = exchange.getResponseBody()) {
            if (status != 204) {
                out.write(body.getBytes(UTF_8));
            }
        }
    }

    private static HttpResponse<String> asks(HttpRequest request) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> gets(String address) {
        return asks(HttpRequest.newBuilder(URI.create(address)).build());
    }

    private static Map<String, String> query(URI address) {
        return Arrays.stream(address.getRawQuery().split("&", -1))
                .map(p -> p.split("=", 2))
                .collect(Collectors.toMap(p -> p[0], p -> URLDecoder.decode(p[1], UTF_8)));
    }

    private static String asked(URI address, String parameter) {
        return Objects.requireNonNull(query(address).get(parameter));
    }

    /** The person logs in, and the cloud sends the browser back. */
    private static final Browser LOGS_IN = address -> assertThat(
                    gets(asked(address, "return_to") + "?code=" + CODE + "&state=" + asked(address, "state"))
                            .body())
            .contains("You can close this page");

    @Test
    void aPersonIsLoggedInAndOutAgain() throws Exception {
        Operator operator = new Operator(settings).browsing(LOGS_IN);

        Operator.Result login = operator.runs("login", url(), "--browser", "--customer", "harbour");

        assertThat(login.out())
                .isEqualTo("Logged in to " + url()
                        + " as ada@example.org, for 12 h (profile default); customer harbour.\n");
        URI shown = URI.create(login.err().lines().toList().get(1).strip());
        assertThat(shown.toString()).startsWith(url() + "/login?");
        assertThat(query(shown)).containsEntry("customer", "harbour");
        assertThat(asked(shown, "return_to")).matches("http://127\\.0\\.0\\.1:\\d+/login");
        String verifier = heard.getFirst().replaceFirst(".*\"verifier\":\"([^\"]*)\".*", "$1");
        assertThat(heard.getFirst()).contains(CODE);
        assertThat(asked(shown, "challenge"))
                .isEqualTo(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8))));
        assertThat(login.err()).doesNotContain(verifier, CODE, FakeCloud.KEY);

        status = 204;
        assertThat(new Operator(settings).runs("logout").err()).isEmpty();
        assertThat(heard.getLast()).isEqualTo("logout apikey " + FakeCloud.KEY);
        assertThat(Files.readString(settings.resolve("profiles.json"))).doesNotContain(FakeCloud.KEY);
    }

    @Test
    void whatComesWithoutTheStateIsSomebodyElses() {
        Browser hostile = address -> {
            String here = asked(address, "return_to");
            String state = asked(address, "state");
            for (String other : List.of(
                    here,
                    here + "?code=" + CODE,
                    here + "?code=" + CODE + "&state=" + "x".repeat(43),
                    here + "/further?code=" + CODE + "&state=" + state)) {
                assertThat(gets(other).statusCode()).as(other).isEqualTo(404);
            }
            LOGS_IN.open(address);
        };

        assertThat(new Operator(settings)
                        .browsing(hostile)
                        .runs("login", url(), "--browser")
                        .code())
                .isZero();
        assertThat(heard).hasSize(1);
    }

    @Test
    void aControlPlaneThatHearsOfTheKeyAMomentLaterIsWaitedFor() {
        unheard.set(2);
        assertThat(new Operator(settings)
                        .browsing(LOGS_IN)
                        .runs("login", url(), "--browser")
                        .err())
                .doesNotContain("doesn't accept");
        unheard.set(20);
        assertThat(new Operator(settings)
                        .browsing(LOGS_IN)
                        .runs("login", url(), "--browser")
                        .err())
                .contains("doesn't accept the API key");
    }

    @Test
    void whoIsntLetInReadsWhy() {
        status = 403;
        exchanged = "{\"code\":\"login.no-rule\",\"message\":\"You are eve, and no login rule lets you in.\","
                + "\"remedy\":\"Ask an admin.\"}";

        Operator.Result login = new Operator(settings).browsing(LOGS_IN).runs("login", url(), "--browser");

        assertThat(login.err()).contains("You are eve, and no login rule lets you in. Ask an admin.");
        assertThat(login.code()).isEqualTo(4);
        assertThat(settings.resolve("profiles.json")).doesNotExist();
    }

    @Test
    void aLoginIsForgottenAlsoWhereTheCloudCantBeTold() throws IOException {
        new Operator(settings).browsing(LOGS_IN).runs("login", url(), "--browser");
        door.stop(0);

        Operator.Result logout = new Operator(settings).runs("logout");

        assertThat(logout.code()).isZero();
        assertThat(logout.err()).contains("forgotten here, but goes on until its time is over");
        assertThat(Files.readString(settings.resolve("profiles.json"))).doesNotContain(FakeCloud.KEY);
    }

    @Test
    void thereIsOneWayToLogInAtATime() {
        assertThat(new Operator(settings)
                        .runs("login", url(), "--browser", "--key-file", "-")
                        .err())
                .contains("two ways to log in");
    }

    @Test
    void rulesAreMadeListedAndRemoved() throws IOException {
        Operator operator = Operator.of(
                cloud.answering("Authz_create_login_rule", "rule-1")
                        .answering("Authz_remove_login_rule", "rule-1")
                        .answering(
                                "Authz_get_login_rules",
                                Sample.page(
                                        "login_rules",
                                        null,
                                        Map.of(
                                                "login_rule_id",
                                                "rule-1",
                                                "claim",
                                                "group",
                                                "value",
                                                "operators",
                                                "role",
                                                "operator",
                                                "created_at",
                                                Sample.NOW))),
                settings);

        Golden.matches("login-rule-ls.txt", operator.runs("login-rule", "ls").out());
        assertThat(operator.runs("login-rule", "add", "group", "operators", "--role", "operator")
                        .out())
                .isEqualTo("Whoever has group operators may log in now (rule rule-1).\n");
        operator.runs("login-rule", "add", "email", "ada@example.org", "--installation");
        assertThat(operator.runs("login-rule", "rm", "rule-1").code()).isZero();
        assertThat(operator.runs("login-rule", "add", "name", "ada").code()).isEqualTo(2);
        assertThat(cloud.asked("Authz_create_login_rule"))
                .containsExactly(
                        Map.of(
                                "customer_id",
                                Sample.CUSTOMER,
                                "claim",
                                "group",
                                "value",
                                "operators",
                                "role",
                                "operator"),
                        Map.of("claim", "email", "value", "ada@example.org", "role", "viewer"));
    }
}
