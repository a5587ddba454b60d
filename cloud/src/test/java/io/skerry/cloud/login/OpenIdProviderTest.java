package io.skerry.cloud.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.egress.Calls;
import io.skerry.cloud.egress.EgressAnswer;
import io.skerry.cloud.egress.EgressGet;
import io.skerry.cloud.egress.EgressPost;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A provider that isn't there, is slow, says too much, or says what it mustn't. */
class OpenIdProviderTest {
    private static final String ISSUER = "https://login.example/tenant/";
    private static final URI HERE = URI.create("https://cloud.example/login/callback");
    private static final String DESCRIPTION = """
            {"issuer": "https://login.example/tenant/", "authorization_endpoint": "https://login.example/auth",
             "token_endpoint": "https://login.example/token", "jwks_uri": "https://login.example/keys",
             "subject_types_supported": ["public"], "response_types_supported": ["code"],
             "id_token_signing_alg_values_supported": ["RS256"], "authorization_response_iss_parameter_supported": true}
            """;

    private final List<String> asked = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2027-01-01T00:00:00Z"));
    private Answer answer = uri -> new EgressAnswer(200, DESCRIPTION.getBytes(StandardCharsets.UTF_8));
    private final OpenIdProvider provider = provider();

    private interface Answer {
        EgressAnswer to(URI uri) throws IOException;
    }

    private OpenIdProvider provider() {
        var settings = new ProviderSettings(
                ISSUER,
                "skerry",
                Optional.empty(),
                ProviderSettings.USUAL_SCOPES,
                Optional.empty(),
                "groups",
                false,
                Set.of(),
                ProviderSettings.USUAL_LIFE,
                Optional.empty());
        return new OpenIdProvider(
                settings,
                new Calls() {
                    @Override
                    public EgressAnswer get(EgressGet get) throws IOException {
                        asked.add(get.uri().toString());
                        assertThat(get.timeLimit()).isEqualTo(Duration.ofSeconds(10));
                        return answer.to(get.uri());
                    }

                    @Override
                    public EgressAnswer post(EgressPost post) throws IOException {
                        asked.add(post.uri() + " " + new String(post.body(), StandardCharsets.UTF_8));
                        return answer.to(post.uri());
                    }

                    @Override
                    public void check(String host) {}

                    @Override
                    public boolean isPrivateAllowed() {
                        return false;
                    }
                },
                now::get);
    }

    private Pending pending() {
        return Pending.begun(
                Optional.empty(),
                Optional.empty(),
                new SecureRandom(),
                now.get().toEpochMilli());
    }

    private String begins() {
        return provider.begin(pending(), HERE).toString();
    }

    private void refuses(String code) {
        assertThatThrownBy(this::begins)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void describes(String text) {
        answer = uri -> new EgressAnswer(200, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void itIsAskedOnceAnHourWhatItIs() {
        begins();
        begins();
        assertThat(asked).containsExactly("https://login.example/tenant/.well-known/openid-configuration");

        now.updateAndGet(t -> t.plus(Duration.ofMinutes(61)));
        begins();
        assertThat(asked).hasSize(2);
    }

    @Test
    void oneThatIsAwayIsAskedEveryFewSecondsAtMost() {
        answer = uri -> {
            throw new SocketTimeoutException("no answer in time");
        };
        refuses("login.provider-unavailable");
        refuses("login.provider-unavailable");
        assertThat(asked).hasSize(1);

        describes(DESCRIPTION);
        now.updateAndGet(t -> t.plus(Discovery.REST));
        assertThat(begins()).startsWith("https://login.example/auth?");
    }

    @Test
    void whatIsTooLargeOrNoDescriptionIsRefused() {
        describes(DESCRIPTION + " ".repeat(ProviderCalls.LARGEST));
        refuses("login.provider-unavailable");
        for (String no : List.of("", "[]", "{}", "<html>", DESCRIPTION.replace("authorization_endpoint", "other"))) {
            now.updateAndGet(t -> t.plus(Discovery.REST));
            describes(no);
            refuses("login.provider-answer");
        }
    }

    @Test
    void oneThatCallsItselfOtherwiseOrLeadsOutOfTlsIsRefused() {
        for (String no : List.of(
                DESCRIPTION.replace("tenant/", "tenant"),
                DESCRIPTION.replace("https://login.example/token", "http://login.example/token"),
                DESCRIPTION.replace("https://login.example/auth", "http://login.example/auth"),
                DESCRIPTION.replace("RS256", "HS256"))) {
            describes(no);
            refuses("login.provider-answer");
            now.updateAndGet(t -> t.plus(Discovery.REST));
        }
    }

    @Test
    void anAnswerThatAnotherProviderBroughtIsRefusedBeforeTheCodeIsSent() {
        for (Optional<String> issuer : List.of(Optional.<String>empty(), Optional.of("https://evil.example"))) {
            assertThatThrownBy(() -> provider.finish("code", issuer, pending(), HERE))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.code()).isEqualTo("login.issuer"));
        }
        assertThat(asked).noneMatch(a -> a.contains("/token"));
    }

    @Test
    void whatATokenEndpointMayNotSayIsRefusedWithoutBeingQuoted() {
        begins();
        for (String no : List.of(
                "{\"access_token\": \"SECRET\", \"token_type\": \"Bearer\"}",
                "{\"access_token\": \"SECRET\", \"token_type\": \"Bearer\", \"id_token\": \"SECRET\"}",
                "SECRET",
                "{\"access_token\": \"SECRET\", \"token_type\": \"Bearer\", \"id_token\": \"eyJhbGciOiJub25lIn0.e30.\"}")) {
            describes(no);
            assertThatThrownBy(() -> provider.finish("CODE", Optional.of(ISSUER), pending(), HERE))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.code()).isEqualTo("login.provider-answer");
                        assertThat(e.problem().sentence()).doesNotContain("SECRET", "CODE");
                    });
        }
    }
}
