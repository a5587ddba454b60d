package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    private static CloudSettings parse(String... more) {
        var line = new ArrayList<>(List.of("run", "--data", "/d"));
        line.addAll(List.of(more));
        return CommandLine.parse(line);
    }

    @Test
    void theDatabaseIsEmbeddedUnlessOneIsNamed() {
        assertThat(parse().database()).isEmpty();
        assertThat(parse("--database", "postgresql://u@db/n", "--database-password-file", "/p")
                        .database())
                .hasValueSatisfying(a -> {
                    assertThat(a.host()).isEqualTo("db");
                    assertThat(a.encrypted()).isTrue();
                    assertThat(a.passwordFile()).isEqualTo(Optional.of(Path.of("/p")));
                });
    }

    @Test
    void aPasswordInTheAddressIsRefusedAndNotRepeated() {
        assertThatThrownBy(() -> parse("--database", "postgresql://u:hunter2@db/n"))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("usage");
                    assertThat(e.problem().sentence())
                            .contains("--database-password-file")
                            .doesNotContain("hunter2");
                });
    }

    @Test
    void contentIsInAFolderUnlessABucketIsNamed() {
        assertThat(parse().content()).isEmpty();
        assertThat(parse("--content", "s3://images/fleet", "--content-credentials-file", "/k")
                        .content())
                .hasValueSatisfying(a -> {
                    assertThat(a.told()).isEqualTo("s3://images/fleet/");
                    assertThat(a.credentialsFile()).isEqualTo(Optional.of(Path.of("/k")));
                });
        assertThatThrownBy(() -> parse("--content-credentials-file", "/k"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("usage"));
        assertThatThrownBy(() -> parse("--content", "s3://AKIA:hunter2@images"))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("usage");
                    assertThat(e.problem().sentence())
                            .contains("--content-credentials-file")
                            .doesNotContain("hunter2");
                });
    }

    @Test
    void aPasswordFileWithoutADatabaseIsRefused() {
        assertThatThrownBy(() -> parse("--database-password-file", "/p"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("usage"));
    }

    @Test
    void peopleLogInWhereAProviderIsNamed() {
        assertThat(parse().people()).isEmpty();
        assertThat(parse(
                                "--oidc-issuer",
                                "https://login.example",
                                "--oidc-client-id",
                                "skerry",
                                "--oidc-client-secret-file",
                                "/s",
                                "--oidc-scopes",
                                "openid email groups",
                                "--login-hours",
                                "8",
                                "--public-url",
                                "https://cloud.example/")
                        .people())
                .hasValueSatisfying(p -> {
                    assertThat(p.issuer()).isEqualTo("https://login.example");
                    assertThat(p.scopes()).containsExactly("openid", "email", "groups");
                    assertThat(p.loginLife()).hasHours(8);
                    assertThat(p.emailTrusted()).isFalse();
                    assertThat(p.publicUrl()).contains(java.net.URI.create("https://cloud.example"));
                });
    }

    @Test
    void whatIsWrongAboutAProviderIsSaid() {
        refuses("needs --oidc-issuer", "--oidc-client-id", "skerry");
        refuses("needs --oidc-client-id", "--oidc-issuer", "https://login.example");
        String[][] wrong = {
            {"doesn't begin with https://", "--oidc-issuer", "http://login.example"},
            {"isn't an address", "--oidc-issuer", "login.example"},
            {"isn't an address", "--oidc-issuer", "https://user@login.example"},
            {"a query or a fragment", "--oidc-issuer", "https://login.example?a"},
            {"1 to 200 characters", "--oidc-client-id", " "},
            {"openid among them", "--oidc-scopes", "email"},
            {"1 to 168 hours", "--login-hours", "0"},
            {"1 to 168 hours", "--login-hours", "169"},
            {"must be a number", "--login-hours", "x"},
            {"nothing more", "--public-url", "https://cloud.example/path"},
            {"doesn't begin with https://", "--public-url", "http://cloud.example"},
        };
        for (String[] one : wrong) {
            refuses(one[0], "--oidc-issuer", "https://login.example", "--oidc-client-id", "skerry", one[1], one[2]);
        }
    }

    private static void refuses(String words, String... more) {
        assertThatThrownBy(() -> parse(more))
                .as(String.join(" ", more))
                .isInstanceOfSatisfying(io.skerry.spec.ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("usage");
                    assertThat(e.problem().message()).contains(words);
                });
    }
}
