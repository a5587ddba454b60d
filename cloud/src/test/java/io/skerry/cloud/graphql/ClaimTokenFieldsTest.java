package io.skerry.cloud.graphql;

import static io.skerry.cloud.graphql.FleetFixture.code;
import static io.skerry.cloud.graphql.FleetFixture.data;
import static io.skerry.cloud.graphql.FleetFixture.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.skerry.cloud.node.Enrolment;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.AuditEntry;
import io.skerry.cloud.tenancy.AuditFilter;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Architecture;
import io.skerry.spec.ProblemException;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.wire.ClaimToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which claim tokens there are, and how one is ended. */
@Tag(TestDatabase.TAG)
class ClaimTokenFieldsTest extends TenancyScene {
    private static final String FIELDS = " { next_cursor claim_tokens { claim_token_id customer_id node_name group_id"
            + " uses_left state created_at expires_at revoked_at } } }";

    private ClaimToken token(String more) {
        return tokenOf(customer, more);
    }

    private ClaimToken tokenOf(String owner, String more) {
        return ClaimToken.parse(
                data(fleet.ask("mutation { DM_create_claim_token(customer_id: \"" + owner + "\"" + more + ") }"))
                                .get("DM_create_claim_token")
                        + "");
    }

    private static String query(String owner, String more) {
        return "{ DM_get_claim_tokens(customer_id: \"" + owner + "\"" + more + ")" + FIELDS;
    }

    private Map<?, ?> page(String more) {
        return (Map<?, ?>) Objects.requireNonNull(
                data(fleet.askAs(customer, query(customer, more))).get("DM_get_claim_tokens"));
    }

    private List<Map<?, ?>> listed() {
        return tokens(page(""));
    }

    private static List<Map<?, ?>> tokens(Map<?, ?> page) {
        return list(page, "claim_tokens").stream()
                .<Map<?, ?>>map(t -> (Map<?, ?>) t)
                .toList();
    }

    private static List<String> ids(List<Map<?, ?>> tokens) {
        return tokens.stream().map(t -> t.get("claim_token_id") + "").toList();
    }

    private static String revocation(String id) {
        return "mutation { DM_revoke_claim_token(claim_token_id: \"" + id + "\") }";
    }

    private void revoke(ClaimToken token) {
        assertThat(data(fleet.askAs(customer, revocation(token.id()))).get("DM_revoke_claim_token"))
                .isEqualTo(token.id());
    }

    private String enrol(ClaimToken token, String key) {
        return fleet.enrolment
                .enrol(new Enrolment.NewNode(
                        fleet.ids.next(),
                        token.secret(),
                        key.repeat(64),
                        "quay",
                        new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), FleetFixture.FEATURES, 2)))
                .nodeId();
    }

    private void refuses(ClaimToken token, String code) {
        assertThatThrownBy(() -> enrol(token, "f"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private List<AuditEntry> lines(ClaimToken token) {
        return fleet.audit
                .list(
                        new AuditFilter(
                                Optional.of(customer),
                                Optional.of(token.id()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        50,
                        "")
                .items();
    }

    @Test
    void anExplicitNullIsAsWhatIsLeftOut() {
        token(", uses: null, valid_minutes: null");

        assertThat(listed())
                .singleElement()
                .satisfies(t -> assertThat(t.get("uses_left")).isEqualTo(1L));
    }

    @Test
    void theyAreListedNewestFirstAndWithoutTheirSecrets() {
        String trains = group("trains", "");
        ClaimToken plain = token("");
        fleet.later(Duration.ofSeconds(1));
        ClaimToken named = token(", node_name: \"quay\", group_id: \"" + trains + "\", uses: 3, valid_minutes: 60");
        tokenOf(fleet.customer("south"), "");

        List<Map<?, ?>> listed = listed();

        assertThat(ids(listed)).containsExactly(named.id(), plain.id());
        Map<?, ?> first = listed.getFirst();
        assertThat(first.get("customer_id")).isEqualTo(customer);
        assertThat(first.get("node_name")).isEqualTo("quay");
        assertThat(first.get("group_id")).isEqualTo(trains);
        assertThat(first.get("uses_left")).isEqualTo(3L);
        assertThat(number(first, "expires_at") - number(first, "created_at")).isEqualTo(3_600_000L);
        Map<?, ?> second = listed.getLast();
        assertThat(second.get("node_name")).isNull();
        assertThat(second.get("group_id")).isNull();
        assertThat(listed + "").doesNotContain(plain.secret()).doesNotContain(named.secret());
    }

    private static long number(Map<?, ?> token, String field) {
        return ((Number) Objects.requireNonNull(token.get(field))).longValue();
    }

    @Test
    void pageByPageEachComesOnceAlsoWhenTheyWereMadeAtOnceOrEndMeanwhile() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            made.add(token("").id());
        }
        // As if within one millisecond.
        fleet.storage.write(h -> h.execute("UPDATE claim_tokens SET created_at = 1767225600000"));

        List<String> seen = new ArrayList<>();
        Map<?, ?> page = page(", take: 3");
        while (page.get("next_cursor") instanceof String cursor) {
            seen.addAll(ids(tokens(page)));
            fleet.storage.write(
                    h -> h.execute("DELETE FROM claim_tokens WHERE secret_hash LIKE ?", seen.getLast() + "%"));
            page = page(", take: 3, cursor: \"" + cursor + "\"");
        }
        seen.addAll(ids(tokens(page)));

        assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
        assertThat(seen).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(code(fleet.ask(query(customer, ", cursor: \"nothing\"")))).isEqualTo("input.cursor-unknown");
    }

    @Test
    void eachTellsWhetherItIsGood() {
        ClaimToken good = token("");
        ClaimToken expired = token(", valid_minutes: 1");
        ClaimToken used = token("");
        enrol(used, "a");
        ClaimToken revoked = token("");
        revoke(revoked);
        fleet.later(Duration.ofMinutes(2));

        assertThat(listed())
                .extracting(t -> t.get("claim_token_id"), t -> t.get("state"))
                .containsExactlyInAnyOrder(
                        tuple(good.id(), "good"),
                        tuple(expired.id(), "expired"),
                        tuple(used.id(), "used"),
                        tuple(revoked.id(), "revoked"));
        assertThat(listed())
                .filteredOn(t -> t.get("revoked_at") != null)
                .extracting(t -> t.get("claim_token_id") + "")
                .containsExactly(revoked.id());
    }

    @Test
    void aRevokedOneLetsNobodyInAnyMoreAndWhoIsInStays() {
        ClaimToken token = token(", uses: 5");
        ClaimToken other = token("");
        String there = enrol(token, "a");

        revoke(token);

        refuses(token, "claim-token.revoked");
        assertThat(enrol(token, "a"))
                .as("its answer was lost; it asks again with its key")
                .isEqualTo(there);
        assertThat(fleet.nodes.get(there)).isPresent();
        assertThat(enrol(other, "b")).isNotEqualTo(there);
    }

    @Test
    void itIsForgottenLikeThoseThatNobodyCanUse() {
        ClaimToken token = token(", valid_minutes: 500000");
        revoke(token);
        fleet.later(Duration.ofDays(29));
        token("");
        refuses(token, "claim-token.revoked");

        fleet.later(Duration.ofDays(2));
        token("");

        refuses(token, "claim-token.unknown");
        assertThat(ids(listed())).doesNotContain(token.id());
    }

    @Test
    void theAuditLogHasWhatWasRevokedOnce() {
        String trains = group("trains", "");
        ClaimToken token = token(", node_name: \"quay\", group_id: \"" + trains + "\", uses: 3");
        enrol(token, "a");

        revoke(token);
        revoke(token);

        List<AuditEntry> lines = lines(token);
        assertThat(lines)
                .extracting(AuditEntry::operation)
                .containsExactly("DM_revoke_claim_token", "DM_create_claim_token");
        assertThat(lines.getFirst().before())
                .hasValue("{\"group_id\":\"" + trains + "\",\"node_name\":\"quay\",\"uses_left\":2}");
    }

    @Test
    void whatIsntThereAndWhatIsAnothersAnswerAlike() {
        ClaimToken theirs = tokenOf(fleet.customer("south"), "");
        String none = "0123456789abcdef";
        Map<String, @Nullable Object> absent = fleet.askAs(customer, revocation(none));
        Map<String, @Nullable Object> others = fleet.askAs(customer, revocation(theirs.id()));

        assertThat(code(absent)).isEqualTo("claim-token.unknown");
        assertThat(code(others)).isEqualTo("claim-token.unknown");
        assertThat(message(others).replace(theirs.id(), none)).isEqualTo(message(absent));
        assertThat(lines(theirs)).isEmpty();
        enrol(theirs, "a");
    }

    @Test
    void onlyAWholeIdNamesOne() {
        ClaimToken token = token("");
        String hash = fleet.storage.read(h -> h.createQuery("SELECT secret_hash FROM claim_tokens")
                .mapTo(String.class)
                .one());

        for (String id : List.of("", "%", "0", token.id().substring(1), token.id() + "0", hash, token.id() + "%")) {
            assertThat(code(fleet.ask(revocation(id)))).as(id).isEqualTo("claim-token.unknown");
        }
        enrol(token, "a");
    }

    @Test
    void theyAreNothingForWhoSeesAnotherCustomerOrOneDevice() {
        ClaimToken token = token("");
        Caller device =
                new Caller(FleetFixture.TESTER, Optional.of(customer), Role.ADMIN, Optional.of(node), Optional.empty());

        assertThat(code(fleet.askAs(fleet.customer("south"), query(customer, ""))))
                .isEqualTo("customer.unknown");
        assertThat(code(fleet.askAs(device, query(customer, "")))).isEqualTo("customer.unknown");
        assertThat(code(fleet.askAs(device, revocation(token.id())))).isEqualTo("claim-token.unknown");
    }
}
