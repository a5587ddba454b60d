package io.skerry.content.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.skerry.content.oci.ImageReference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is told which credentials. */
class RegistryLoginTest extends RegistryScene {
    RegistryLoginTest(@TempDir Path temp) throws IOException {
        super(temp);
    }

    @Test
    void getsATokenAndKeepsItUntilItExpires() {
        challenged("user", "secret");

        RegistryClient client = client(RegistryAccess.as(new Credentials("user", "secret")));
        client.manifest(reference);
        client.manifest(reference);
        assertThat(asked.stream().filter(a -> a.contains("/token"))).hasSize(1);
        now = now.plusSeconds(3600);
        client.manifest(reference);

        assertThat(asked.stream().filter(a -> a.contains("/token"))).hasSize(2);
        // The password goes to the realm only, the token to the registry only.
        assertThat(asked).allSatisfy(a -> assertThat(a.contains("Basic ")).isEqualTo(a.contains("/token")));
    }

    static List<Credentials> asTheirProvidersGiveThem() {
        return List.of(
                new Credentials("_json_key", """
                        {
                          "type": "service_account",
                          "private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvg:IBADAN\\n-----END PRIVATE KEY-----\\n",
                          "client_email": "puller@your-account.iam.gserviceaccount.com"
                        }
                        """),
                new Credentials("oauth2accesstoken", "ya29.a0AfH6SMB_" + "x".repeat(1_900) + "-Q"),
                new Credentials("your-account", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
                new Credentials("your-account", "dckr_pat_Xy-z_0123456789"));
    }

    @ParameterizedTest
    @MethodSource("asTheirProvidersGiveThem")
    void credentialsOfTheKnownRegistriesReachThemUnchanged(Credentials given) {
        challenged(given.user(), given.password());

        assertThat(client(RegistryAccess.as(given)).manifest(reference)).isNotNull();
    }

    @Test
    void aTokenThatIsRefusedIsReplacedOnce() {
        challenged("user", "secret");
        RegistryClient client = client(RegistryAccess.as(new Credentials("user", "secret")));
        client.manifest(reference);
        Handler good = handlers.get("/v2/team/web/manifests/1");
        handlers.put("/v2/team/web/manifests/1", e -> {
            e.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"http://" + address() + "/token\",service=\"s\"");
            e.sendResponseHeaders(401, -1);
        });

        refused("registry.unauthorized", () -> client.manifest(reference));
        assertThat(asked.stream().filter(a -> a.contains("/token"))).hasSize(2);
        assertThat(good).isNotNull();
    }

    @Test
    void tellsMissingFromWrongCredentials() {
        challenged("user", "secret");

        String none = refused("registry.unauthorized", () -> client().manifest(reference))
                .problem()
                .sentence();
        String wrong = refused(
                        "registry.unauthorized",
                        () -> client(RegistryAccess.as(new Credentials("user", "Wr0ng!")))
                                .manifest(reference))
                .problem()
                .sentence();

        assertThat(none).contains("none were given");
        assertThat(wrong).contains("user 'user'").doesNotContain("Wr0ng!");
    }

    @Test
    void credentialsAreNotSentAlongWithARedirect() throws IOException {
        HttpServer elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> seen = new CopyOnWriteArrayList<>();
        elsewhere.createContext("/", e -> {
            try (e) {
                seen.add(e.getRequestURI().getPath() + " "
                        + e.getRequestHeaders().getFirst("Authorization"));
                ranged(e, 0);
            }
        });
        elsewhere.start();
        try {
            handlers.put(blobPath(), e -> {
                if (e.getRequestHeaders().getFirst("Authorization") == null) {
                    e.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
                    e.sendResponseHeaders(401, -1);
                } else {
                    e.getResponseHeaders().set("Location", "/here");
                    e.sendResponseHeaders(307, -1);
                }
            });
            handlers.put("/here", e -> {
                e.getResponseHeaders()
                        .set(
                                "Location",
                                "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/there");
                e.sendResponseHeaders(302, -1);
            });

            fetch(RegistryAccess.as(new Credentials("u", "p")));

            assertThat(asked.getLast()).startsWith("GET /here Basic ");
            assertThat(seen).containsExactly("/there null");
        } finally {
            elsewhere.stop(0);
        }
    }

    @Test
    void redirectsWithoutEndOrToOtherSchemesAreRefused() {
        handlers.put("/v2/team/web/manifests/1", e -> {
            e.getResponseHeaders().set("Location", "/v2/team/web/manifests/1");
            e.sendResponseHeaders(302, -1);
        });
        refused("registry.answer-malformed", () -> client().manifest(reference));
        assertThat(asked).hasSize(6);
        for (String target : List.of("file:///etc/passwd", "http://u:p@127.0.0.1/", "//", "ftp://x/y")) {
            handlers.put("/v2/team/web/manifests/1", e -> {
                e.getResponseHeaders().set("Location", target);
                e.sendResponseHeaders(302, -1);
            });
            refused("registry.answer-malformed", () -> client().manifest(reference));
        }
    }

    @Test
    void underTlsNothingLeadsOutOfIt() {
        List<HttpAsk> asks = new CopyOnWriteArrayList<>();
        HttpTransport secure = ask -> {
            asks.add(ask);
            return new HttpAnswer(
                    401,
                    Map.of("www-authenticate", List.of("Bearer realm=\"http://realm.example/token\"")),
                    java.io.InputStream.nullInputStream());
        };
        RegistryClient client = new RegistryClient(secure, RegistryAccess.as(new Credentials("u", "p")), retries());

        refused("registry.answer-malformed", () -> client.manifest(ImageReference.parse("r.example/x")));

        assertThat(asks).hasSize(1);
        assertThat(asks.getFirst().uri()).hasToString("https://r.example/v2/x/manifests/latest");
        assertThat(asks.getFirst().toString()).doesNotContain("Authorization");
    }

    @Test
    void dockerHubGetsAHintAtAccessTokens() {
        HttpTransport hub = ask -> new HttpAnswer(
                401,
                ask.uri().getHost().equals("auth.docker.io")
                        ? Map.of()
                        : Map.of(
                                "Www-Authenticate",
                                List.of(
                                        "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\"")),
                java.io.InputStream.nullInputStream());
        RegistryClient client = new RegistryClient(hub, RegistryAccess.as(new Credentials("u", "p")), retries());

        assertThat(refused("registry.unauthorized", () -> client.manifest(ImageReference.parse("u/private")))
                        .problem()
                        .remedy())
                .contains("personal access token");
    }

    @Test
    void readsChallengesAsServersWriteThem() {
        assertThat(
                        Challenge.parse(
                                List.of(
                                        "Basic realm=\"a, \\\"b\\\"\", Bearer realm=\"https://x/t\",service=s , scope=\"repository:a/b:pull,push\"")))
                .containsExactly(
                        new Challenge("basic", Map.of("realm", "a, \"b\"")),
                        new Challenge(
                                "bearer",
                                Map.of("realm", "https://x/t", "service", "s", "scope", "repository:a/b:pull,push")));
        assertThat(Challenge.parse(List.of("", ",,=", "\"", "Negotiate"))).hasSize(1);
    }
}
