package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.login.LoginClaim;
import io.skerry.cloud.login.LoginRules;
import io.skerry.cloud.login.NewLoginRule;
import io.skerry.cloud.login.ProviderSettings;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.ApiKey;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People log in to a whole control plane by a real OpenID provider, from a browser and from a program. */
@Tag(TestDatabase.TAG)
class LoginIT {
    private static final Caller ADMIN = Caller.everything(Actor.CONTROL_PLANE);
    private static final String VERIFIER = "v".repeat(43);
    private static final String STATE = "s".repeat(43);
    private static final String PROGRAM = "http://127.0.0.1:4711/login";

    @TempDir
    private static Path folder;

    private static ProviderProcess provider;
    private static TestCloud test;
    private static LoginRules rules;
    private TestBrowser browser;

    @BeforeAll
    static void start() throws Exception {
        provider = new ProviderProcess(folder);
        test = new TestCloud(CloudSettings.local(folder.resolve("data")).knowing(provider.settings()));
        provider.start(url() + "/login/callback");
        SharedParts parts = test.cloud.parts();
        rules = new LoginRules(parts.storage(), parts.ids(), parts.time(), parts.apiKeys(), parts.audit());
    }

    @AfterAll
    static void stop() throws Exception {
        if (test != null) {
            test.close();
        }
        if (provider != null) {
            provider.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        browser = new TestBrowser(test.cloud.authorityFile(), provider.authority());
    }

    @AfterEach
    void close() {
        browser.close();
        rules.list(Optional.of(test.customer()), 200, "").items().forEach(r -> rules.remove(r.loginRuleId(), ADMIN));
    }

    private static String url() {
        return "https://localhost:" + test.cloud.operatorsPort();
    }

    private static String lets(LoginClaim claim, String value, Role role) {
        return rules.create(new NewLoginRule(Optional.of(test.customer()), claim, value, role), ADMIN);
    }

    private static String programsLogin() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.UTF_8));
        return url() + "/login?return_to=" + PROGRAM + "&state=" + STATE + "&challenge="
                + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    /** The code with which the browser comes to the waiting program. */
    private static String codeIn(TestBrowser.Page page) {
        assertThat(page.at().toString()).startsWith(PROGRAM + "?code=").endsWith("&state=" + STATE);
        return page.at().getQuery().substring("code=".length(), "code=".length() + 43);
    }

    private HttpResponse<String> exchanges(String code, String verifier) throws Exception {
        return browser.sends(HttpRequest.newBuilder(URI.create(url() + "/login/exchange"))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"code\":\"" + code + "\",\"verifier\":\"" + verifier + "\"}")));
    }

    private static String keyIn(HttpResponse<String> exchanged) {
        assertThat(exchanged.statusCode()).as(exchanged.body()).isEqualTo(200);
        return exchanged.body().replaceFirst("(?s).*\"api_key\":\"(skk_[^\"]{43})\".*", "$1");
    }

    private HttpRequest.Builder asks(String query) {
        return HttpRequest.newBuilder(URI.create(url() + "/graphql"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"" + query.replace("\"", "\\\"") + "\"}"));
    }

    private int statusFor(String key) throws Exception {
        return browser.sends(asks("{ Authz_customers { name } }").header("authorization", "apikey " + key))
                .statusCode();
    }

    private static List<ApiKey> logins(String name) {
        return test.cloud.parts().apiKeys().list(Optional.of(test.customer()), 200, "").items().stream()
                .filter(k -> k.login().isPresent() && k.name().equals(name))
                .toList();
    }

    // --- a program

    @Test
    void aProgramGetsAKeyWithTheRulesRoleAndThePersonsName() throws Exception {
        lets(LoginClaim.EMAIL, "Ada@example.org", Role.OPERATOR);

        String key = keyIn(exchanges(codeIn(browser.logsIn(programsLogin(), "ada")), VERIFIER));

        assertThat(statusFor(key)).isEqualTo(200);
        assertThat(logins("ada@example.org")).singleElement().satisfies(k -> {
            assertThat(k.role()).isEqualTo(Role.OPERATOR);
            assertThat(k.customerId()).contains(test.customer());
            assertThat(k.expiresAt().orElseThrow() - k.createdAt())
                    .isEqualTo(Duration.ofHours(12).toMillis());
            assertThat(k.login().orElseThrow().subject()).isEqualTo("ada");
        });
        browser.sends(
                asks("mutation { Authz_create_group(customer_id: \"" + test.customer() + "\", name: \"trains\") }")
                        .header("authorization", "apikey " + key));
        String log = browser.sends(asks("{ Authz_get_audit_log(customer_id: \"" + test.customer()
                                + "\", take: 2) { entries { operation actor_kind actor_name } } }")
                        .header("authorization", "apikey " + test.key()))
                .body();
        assertThat(log).contains("Authz_create_group", "\"login\"", "ada@example.org");
    }

    @Test
    void aCodeIsGoodOnceForItsProgramAndForAMinute() throws Exception {
        lets(LoginClaim.SUB, "bob", Role.VIEWER);
        String used = codeIn(browser.logsIn(programsLogin(), "bob"));
        keyIn(exchanges(used, VERIFIER));
        assertThat(exchanges(used, VERIFIER).body()).contains("login.code");

        String guessed = codeIn(browser.opens(programsLogin()));
        assertThat(exchanges(guessed, "w".repeat(43)).body()).contains("login.code");
        assertThat(exchanges(guessed, VERIFIER).body()).contains("login.code");

        String late = codeIn(browser.opens(programsLogin()));
        test.later(Duration.ofSeconds(61));
        assertThat(exchanges(late, VERIFIER).body()).contains("login.code");
        assertThat(logins("bob@example.org")).hasSize(1);
    }

    @Test
    void whoHasNoRuleIsToldWhoTheyAreAndWhomToAsk() throws Exception {
        HttpResponse<String> refused = exchanges(codeIn(browser.logsIn(programsLogin(), "eve")), VERIFIER);

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("login.no-rule", "eve@example.org", "subject eve", "Ask an admin");
    }

    @Test
    void anAddressThatIsntVerifiedIsNobodys() throws Exception {
        lets(LoginClaim.EMAIL, "unverified@example.org", Role.ADMIN);

        HttpResponse<String> refused = exchanges(codeIn(browser.logsIn(programsLogin(), "unverified")), VERIFIER);

        assertThat(refused.body()).contains("login.no-rule", "unverified@example.org (not verified)");
    }

    @Test
    void theEndOfARuleEndsItsLogins() throws Exception {
        String rule = lets(LoginClaim.GROUP, "operators", Role.OPERATOR);
        String key = keyIn(exchanges(codeIn(browser.logsIn(programsLogin(), "opal")), VERIFIER));
        assertThat(statusFor(key)).isEqualTo(200);
        String unfetched = codeIn(browser.opens(programsLogin()));

        rules.remove(rule, ADMIN);

        assertThat(statusFor(key)).isEqualTo(401);
        assertThat(exchanges(unfetched, VERIFIER).body()).contains("login.no-rule");
    }

    @Test
    void aLoginEndsByItself() throws Exception {
        lets(LoginClaim.SUB, "carol", Role.VIEWER);
        String key = keyIn(exchanges(codeIn(browser.logsIn(programsLogin(), "carol")), VERIFIER));

        test.later(Duration.ofHours(12).plusSeconds(1));

        assertThat(statusFor(key)).isEqualTo(401);
    }

    @Test
    void aLoginEndsWhenItsOwnerSaysSo() throws Exception {
        lets(LoginClaim.SUB, "dan", Role.VIEWER);
        String key = keyIn(exchanges(codeIn(browser.logsIn(programsLogin(), "dan")), VERIFIER));
        HttpRequest.Builder logout =
                HttpRequest.newBuilder(URI.create(url() + "/logout")).POST(HttpRequest.BodyPublishers.noBody());

        assertThat(browser.sends(logout.copy().header("authorization", "apikey " + key))
                        .statusCode())
                .isEqualTo(204);

        assertThat(statusFor(key)).isEqualTo(401);
        assertThat(browser.sends(logout.copy().header("authorization", "apikey " + test.key()))
                        .body())
                .contains("login.none");
    }

    @Test
    void loginsReturnToOnesOwnMachineAndNowhereElse() throws Exception {
        for (String elsewhere : List.of(
                "http://127.0.0.1.evil.example:80/login",
                "http://127.0.0.1:80@evil.example/login",
                "http://evil.example:80/login",
                "https://127.0.0.1:80/login",
                "http://localhost:80/login",
                "http://127.0.0.1:80/other",
                "http://127.0.0.1:0/login",
                "http://127.0.0.1:99999/login")) {
            TestBrowser.Page page = browser.opens(programsLogin().replace(PROGRAM, elsewhere));
            assertThat(page.status()).as(elsewhere).isEqualTo(400);
            assertThat(page.text()).contains("nowhere else");
        }
    }

    // --- a browser

    @Test
    void aBrowserIsLoggedInByACookieThatNoOtherSiteCanUse() throws Exception {
        lets(LoginClaim.SUB, "frida", Role.VIEWER);

        TestBrowser.Page page = browser.logsIn(url() + "/login", "frida");

        assertThat(page.at()).isEqualTo(URI.create(url() + "/graphql#login"));
        assertThat(browser.cookies).containsKey("__Host-skerry-session").doesNotContainKey("__Host-skerry-login");
        String query = "{ Authz_customers { name } }";
        assertThat(browser.sends(asks(query).header("origin", url()).header("skerry-session", "1"))
                        .body())
                .contains("\"default\"");
        assertThat(browser.sends(asks(query).header("origin", url())).statusCode())
                .as("a form of another page can't set headers")
                .isEqualTo(401);
        assertThat(browser.sends(asks(query)
                                .header("origin", "https://evil.example")
                                .header("skerry-session", "1"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(browser.sends(asks(query).header("skerry-session", "1")).statusCode())
                .isEqualTo(401);
        assertThat(browser.sends(asks(query)
                                .header("origin", url())
                                .header("sec-fetch-site", "same-site")
                                .header("skerry-session", "1"))
                        .statusCode())
                .isEqualTo(401);

        HttpRequest.Builder logout =
                HttpRequest.newBuilder(URI.create(url() + "/logout")).POST(HttpRequest.BodyPublishers.noBody());
        assertThat(browser.sends(logout.copy().header("origin", "https://evil.example"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(browser.sends(logout.copy().header("origin", url()).header("skerry-session", "1"))
                        .statusCode())
                .isEqualTo(204);
        assertThat(browser.cookies).doesNotContainKey("__Host-skerry-session");
        assertThat(logins("frida@example.org").getFirst().revokedAt()).isPresent();
    }

    @Test
    void theSessionCookieIsForThisHostAndTlsAndNoScript() throws Exception {
        HttpResponse<String> begun = browser.sends(
                HttpRequest.newBuilder(URI.create(url() + "/login")).GET());

        assertThat(begun.headers().firstValue("set-cookie").orElseThrow())
                .startsWith("__Host-skerry-login=")
                .contains("; Path=/;", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=600")
                .doesNotContain("Domain");
        assertThat(begun.headers().firstValue("location").orElseThrow())
                .contains("code_challenge_method=S256", "nonce=", "state=", "response_type=code");
    }

    @Test
    void anotherBrowsersLoginIsntTakenOver() throws Exception {
        lets(LoginClaim.SUB, "mallory", Role.VIEWER);
        // Mallory's way back, as she would have her victim open it.
        URI begun = URI.create(browser.sends(
                        HttpRequest.newBuilder(URI.create(url() + "/login")).GET())
                .headers()
                .firstValue("location")
                .orElseThrow());
        String state = begun.getQuery().replaceFirst(".*state=([^&]*).*", "$1");
        String back = url() + "/login/callback?code=hers&iss=x&state=" + state;

        try (var victim = new TestBrowser(test.cloud.authorityFile(), provider.authority())) {
            assertThat(victim.opens(back).text()).contains("doesn't belong to a login that was begun in this browser");
            victim.opens(url() + "/login");
            assertThat(victim.opens(back).text()).contains("doesn't belong to a login that was begun in this browser");
            assertThat(victim.cookies).doesNotContainKey("__Host-skerry-session");
        }
        assertThat(browser.opens(back).text()).contains("isn't from the OpenID provider");
    }

    @Test
    void theWayBackIsGoodOnce() throws Exception {
        lets(LoginClaim.SUB, "gil", Role.VIEWER);
        TestBrowser.Page login = browser.opens(url() + "/login");
        String kept = browser.cookies.get("__Host-skerry-login");
        browser.continues(login, "gil");
        String back = browser.visited.stream()
                .map(URI::toString)
                .filter(u -> u.startsWith(url() + "/login/callback"))
                .findFirst()
                .orElseThrow();
        assertThat(browser.opens(back).text()).contains("doesn't belong to a login");
        browser.cookies.put("__Host-skerry-login", kept);
        TestBrowser.Page again = browser.opens(back);

        assertThat(again.status()).isEqualTo(502);
        assertThat(again.text()).contains("doesn't take the code (invalid_grant)");
        assertThat(logins("gil@example.org")).hasSize(1);
    }

    @Test
    void anotherNameOfTheHostLeadsToThePublicOne() throws Exception {
        String other = url().replace("localhost", "127.0.0.1");

        HttpResponse<String> moved = browser.sends(HttpRequest.newBuilder(URI.create(other + "/login?customer=north"))
                .GET());

        assertThat(moved.headers().firstValue("location")).contains(url() + "/login?customer=north&moved=1");
    }

    // --- another client, and no provider

    @Test
    void aClientWithoutASecretWillDo(@TempDir Path root) throws Exception {
        try (var own = new ProviderProcess(root);
                var cloud =
                        new TestCloud(CloudSettings.local(root.resolve("data")).knowing(own.publicClient()));
                var client = new TestBrowser(cloud.cloud.authorityFile(), own.authority())) {
            String url = "https://localhost:" + cloud.cloud.operatorsPort();
            assertThat(client.opens(url + "/login").text())
                    .as("the provider isn't there yet")
                    .contains("The OpenID provider can't be asked at the moment");
            assertThat(client.sends(asks("{ Authz_customers { name } }")
                                    .uri(URI.create(url + "/graphql"))
                                    .header("authorization", "apikey " + cloud.key()))
                            .body())
                    .contains("\"default\"");
            SharedParts parts = cloud.cloud.parts();
            new LoginRules(parts.storage(), parts.ids(), parts.time(), parts.apiKeys(), parts.audit())
                    .create(new NewLoginRule(Optional.empty(), LoginClaim.SUB, "hal", Role.ADMIN), ADMIN);

            own.start(url + "/login/callback");
            cloud.later(Duration.ofSeconds(4));

            assertThat(client.logsIn(url + "/login", "hal").at()).isEqualTo(URI.create(url + "/graphql#login"));
            assertThat(parts.apiKeys().list(Optional.empty(), 200, "").items())
                    .anyMatch(k -> k.name().equals("hal@example.org"));
        }
    }

    @Test
    void aProviderAtAPrivateAddressMustBeNamed(@TempDir Path root) throws Exception {
        var settings = new ProviderSettings(
                "https://127.0.0.1:9",
                "skerry",
                Optional.empty(),
                ProviderSettings.USUAL_SCOPES,
                Optional.empty(),
                ProviderSettings.USUAL_GROUPS_CLAIM,
                false,
                Set.of(),
                ProviderSettings.USUAL_LIFE,
                Optional.empty());
        try (var cloud = new TestCloud(CloudSettings.local(root.resolve("data")).knowing(settings));
                var client = new TestBrowser(cloud.cloud.authorityFile())) {
            assertThat(client.opens("https://localhost:" + cloud.cloud.operatorsPort() + "/login")
                            .text())
                    .contains("has a loopback address", "--oidc-private-host");
        }
    }
}
