package io.skerry.cloud.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PersonTest {
    private static Person said(Map<String, Object> claims) {
        return Person.of(List.of(claims), "groups", false);
    }

    @Test
    void anAddressCountsOnceTheProviderSaysThatItIsVerified() {
        assertThat(said(Map.of("sub", "1", "email", "Ada@Example.org", "email_verified", true))
                        .email())
                .contains("ada@example.org");
        assertThat(said(Map.of("sub", "1", "email", "a@b", "email_verified", "true"))
                        .email())
                .contains("a@b");
        assertThat(said(Map.of("sub", "1", "email", "a@b", "email_verified", false))
                        .email())
                .isEmpty();
        assertThat(said(Map.of("sub", "1", "email", "a@b")).email()).isEmpty();
        assertThat(said(Map.of("sub", "1", "email", "a@b")).doubtfulEmail()).contains("a@b");
    }

    @Test
    void whereNothingIsSaidOfItTheSettingDecidesAndNowhereElse() {
        assertThat(Person.of(List.of(Map.of("sub", "1", "email", "a@b")), "groups", true)
                        .email())
                .contains("a@b");
        assertThat(Person.of(List.of(Map.of("sub", "1", "email", "a@b", "email_verified", false)), "groups", true)
                        .email())
                .isEmpty();
    }

    @Test
    void thatAnotherAddressIsVerifiedHelpsNobody() {
        var token = Map.<String, Object>of("sub", "1", "email", "victim@b");
        var userInfo = Map.<String, Object>of("sub", "1", "email", "mallory@b", "email_verified", true);

        assertThat(Person.of(List.of(token, userInfo), "groups", false).email()).isEmpty();
    }

    @Test
    void groupsAreAListOrOneAndMayLieWithinOtherClaims() {
        assertThat(said(Map.of("sub", "1", "groups", List.of("a", 7, "b"))).groups())
                .containsExactly("a", "b");
        assertThat(said(Map.of("sub", "1", "groups", "a")).groups()).containsExactly("a");
        assertThat(Person.of(
                                List.of(Map.of("sub", "1", "realm_access", Map.of("roles", List.of("a")))),
                                "realm_access.roles",
                                false)
                        .groups())
                .containsExactly("a");
        assertThat(Person.of(
                                List.of(Map.of("sub", "1", "https://a.example/groups", List.of("a"))),
                                "https://a.example/groups",
                                false)
                        .groups())
                .containsExactly("a");
        assertThat(said(Map.of("sub", "1")).groups()).isEmpty();
    }

    @Test
    void whatCantBeUsedIsRefused() {
        assertThatThrownBy(() -> said(Map.of("email", "a@b"))).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> said(Map.of("sub", "s".repeat(256)))).isInstanceOf(ProblemException.class);
        List<String> many = IntStream.rangeClosed(0, Person.MOST_GROUPS)
                .mapToObj(i -> "g" + i)
                .toList();
        assertThatThrownBy(() -> said(Map.of("sub", "1", "groups", many)))
                .hasMessageContaining("more than 1000 groups");
    }

    @Test
    void aPersonsNameIsTheVerifiedAddressOrHasTheSubjectInIt() {
        assertThat(said(Map.of("sub", "1", "email", "a@b", "email_verified", true, "name", "root"))
                        .name())
                .isEqualTo("a@b");
        assertThat(said(Map.of("sub", "1", "email", "boss@b", "preferred_username", "ada"))
                        .name())
                .isEqualTo("ada (1)");
        assertThat(said(Map.of("sub", "1")).name()).isEqualTo("1");
    }
}
