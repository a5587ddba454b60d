package io.skerry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Problem;
import io.skerry.spec.wire.ClaimToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokens by which devices enrol. */
class ClaimTokenCommandsTest {
    private static final String FIRST = "00aa11bb22cc33dd";
    private static final String SECOND = "ffee00dd11cc22bb";
    private static final String LINE = "0190eeee-0000-7000-8000-000000000002";

    @TempDir
    private Path settings;

    private FakeCloud cloud;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        Map<String, Object> trains = new HashMap<>(Map.of(
                "group_id",
                "0190eeee-0000-7000-8000-000000000001",
                "customer_id",
                Sample.CUSTOMER,
                "name",
                "trains",
                "created_at",
                Sample.NOW));
        Map<String, Object> line = new HashMap<>(trains);
        line.putAll(
                Map.of("group_id", LINE, "name", "line-1", "parent_group_id", "0190eeee-0000-7000-8000-000000000001"));
        cloud = FakeCloud.plain()
                .answering("Authz_get_customers", Sample.harbour())
                .answering("Authz_get_groups", Sample.page("groups", null, trains, line))
                .answering(
                        "DM_get_claim_tokens",
                        a -> a.containsKey("cursor")
                                ? Sample.page(
                                        "claim_tokens",
                                        null,
                                        token(SECOND, null, null, 0, "used", 3_600_000L),
                                        token("0123456789abcdef", null, null, 1, "expired", -60_000L))
                                : Sample.page(
                                        "claim_tokens",
                                        "more",
                                        token(FIRST, "pier", LINE, 300, "good", 86_400_000L * 90)))
                .answering("DM_revoke_claim_token", FIRST);
        operator = Operator.of(cloud, settings);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static Map<String, Object> token(
            String id, @Nullable String name, @Nullable String group, int left, String state, long expires) {
        Map<String, Object> token = new HashMap<>();
        token.put("claim_token_id", id);
        token.put("customer_id", Sample.CUSTOMER);
        token.put("node_name", name);
        token.put("group_id", group);
        token.put("uses_left", left);
        token.put("state", state);
        token.put("created_at", Sample.NOW - 86_400_000L);
        token.put("expires_at", Sample.NOW + expires);
        return token;
    }

    private void shows(String golden, String... arguments) throws IOException {
        Operator.Result result = operator.runs(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        Golden.matches(golden, result.out());
    }

    @Test
    void theyAreListedForPeopleAndForScripts() throws IOException {
        shows("claim-token-ls.txt", "claim-token", "ls");
        shows("claim-token-ls.json", "claim-token", "ls", "-o", "json");
    }

    @Test
    void oneIsRevokedByItsId() {
        Operator.Result result = operator.runs("claim-token", "revoke", FIRST);

        assertThat(result.out()).isEqualTo("No device enrols with " + FIRST + " any more.\n");
        assertThat(cloud.asked("DM_revoke_claim_token")).isEqualTo(List.of(Map.of("claim_token_id", FIRST)));
        assertThat(operator.runs("claim-token", "revoke", FIRST, "-o", "json").out())
                .contains("\"claim_token_id\": \"" + FIRST + "\"");
    }

    @Test
    void oneThatIsntThereIsSaidToBeSo() {
        cloud.refusing(
                "DM_revoke_claim_token",
                new Problem("claim-token.unknown", "There is no claim token 'x'.", "Look the ids up."));

        Operator.Result result = operator.runs("claim-token", "revoke", "x");

        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains("There is no claim token 'x'.");
    }

    @Test
    void aNewTokenTellsScriptsByWhichIdItIsRevoked() {
        var made = new ClaimToken("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ", "0123456789abcdef".repeat(4));
        cloud.answering("DM_create_claim_token", made.text());
        assertThat(operator.runs("node", "claim", "-o", "json").out())
                .contains("\"claim_token\": \"" + made.text() + "\"", "\"claim_token_id\": \"" + made.id() + "\"");

        cloud.answering("DM_create_claim_token", "skc2_another-form");
        assertThat(operator.runs("node", "claim", "-o", "json").out())
                .contains("\"claim_token\": \"skc2_another-form\"");
    }
}
