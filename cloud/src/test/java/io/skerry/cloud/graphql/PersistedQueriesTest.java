package io.skerry.cloud.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.util.Fields;
import org.junit.jupiter.api.Test;

class PersistedQueriesTest {
    private static final String QUERY = "{ Authz_customers { name } }";
    private static final Caller CALLER = caller("acme");

    private final PersistedQueries queries = new PersistedQueries(100 + 2 * PersistedQueries.ENTRY);

    private static Caller caller(String customer) {
        return new Caller(
                Actor.key("k", "test"), Optional.of(customer), Role.VIEWER, Optional.empty(), Optional.empty());
    }

    private static String hash(String query) {
        return Digest.of(query.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static GraphQlRequest request(String fields) {
        return GraphQlRequest.posted(("{" + fields + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static String extensions(String hash) {
        return "\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"" + hash + "\"}}";
    }

    private static GraphQlRequest byHash(String query) {
        return request(extensions(hash(query)));
    }

    private static GraphQlRequest whole(String query) {
        return request("\"query\":\"" + query + "\"," + extensions(hash(query)));
    }

    private void notFound(GraphQlRequest request, Caller caller) {
        assertThatThrownBy(() -> queries.call(request, caller)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("PERSISTED_QUERY_NOT_FOUND");
            assertThat(e.problem().message()).isEqualTo("PersistedQueryNotFound");
        });
    }

    @Test
    void aQueryIsKnownByItsHashOnceItWasSent() {
        notFound(byHash(QUERY), CALLER);
        assertThat(queries.call(whole(QUERY), CALLER).query()).isEqualTo(QUERY);
        assertThat(queries.call(byHash(QUERY), CALLER).query()).isEqualTo(QUERY);
    }

    @Test
    void anotherCustomersQueryIsNotKnown() {
        queries.call(whole(QUERY), CALLER);
        notFound(byHash(QUERY), caller("umbrella"));
    }

    @Test
    void aHashThatIsNotTheQuerysIsRefusedAndNotKept() {
        var wrong = request("\"query\":\"{ evil }\"," + extensions(hash(QUERY)));
        assertThatThrownBy(() -> queries.call(wrong, CALLER))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("graphql.hash-differs"));
        notFound(byHash(QUERY), CALLER);
    }

    @Test
    void whatWasNotAskedForLongestGoesFirst() {
        String a = "{ a%s }".formatted("a".repeat(35));
        String b = "{ b%s }".formatted("b".repeat(35));
        String c = "{ c%s }".formatted("c".repeat(35));
        queries.call(whole(a), CALLER);
        queries.call(whole(b), CALLER);
        queries.call(byHash(a), CALLER);
        queries.call(whole(c), CALLER);
        notFound(byHash(b), CALLER);
        assertThat(queries.call(byHash(a), CALLER).query()).isEqualTo(a);
        assertThat(queries.call(byHash(c), CALLER).query()).isEqualTo(c);
    }

    @Test
    void alsoTheShortestOnesTakeRoom() {
        queries.call(whole("{a}"), CALLER);
        queries.call(whole("{b}"), CALLER);
        queries.call(whole("{c}"), CALLER);
        notFound(byHash("{a}"), CALLER);
        assertThat(queries.call(byHash("{c}"), CALLER).query()).isEqualTo("{c}");
    }

    @Test
    void aQueryForWhichThereIsNoRoomIsCarriedOutAndNotKept() {
        String longest = "{ x%s }".formatted("x".repeat(100 + 2 * PersistedQueries.ENTRY));
        assertThat(queries.call(whole(longest), CALLER).query()).isEqualTo(longest);
        notFound(byHash(longest), CALLER);
    }

    @Test
    void itComesByGetAsWell() {
        var parameters = new Fields();
        parameters.put("query", QUERY);
        parameters.put("extensions", "{" + extensions(hash(QUERY)).substring("'extensions':{".length()));
        queries.call(GraphQlRequest.asked(parameters), CALLER);
        assertThat(queries.call(byHash(QUERY), CALLER).query()).isEqualTo(QUERY);
    }

    @Test
    void malformedExtensionsAreRefused() {
        for (String malformed : new String[] {
            "\"query\":\"{a}\",\"extensions\":3",
            "\"query\":\"{a}\",\"extensions\":{\"persistedQuery\":true}",
            "\"query\":\"{a}\"," + extensions("abc"),
            "\"query\":\"{a}\"," + extensions(hash(QUERY).toUpperCase(Locale.ROOT)),
            "\"query\":\"{a}\"," + extensions(hash(QUERY)).replace(":1,", ":2,"),
            "\"extensions\":{}",
        }) {
            assertThatThrownBy(() -> request(malformed))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.code()).isEqualTo("graphql.request-malformed"));
        }
    }
}
