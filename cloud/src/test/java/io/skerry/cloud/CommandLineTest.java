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
}
