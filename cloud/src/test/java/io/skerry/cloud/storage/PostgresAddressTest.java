package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresAddressTest {
    private static PostgresAddress parse(String url) {
        return PostgresAddress.parse(url, Optional.empty());
    }

    @Test
    void readsAllItsParts() {
        Path password = Path.of("/run/password");
        assertThat(PostgresAddress.parse(
                        "postgresql://fleet%40x@db.example:5433/sker%20ry?sslmode=verify-full&sslrootcert=/etc/ca.pem",
                        Optional.of(password)))
                .isEqualTo(new PostgresAddress(
                        "db.example",
                        5433,
                        "sker ry",
                        "fleet@x",
                        Optional.of(password),
                        true,
                        Optional.of(Path.of("/etc/ca.pem"))));
    }

    @Test
    void goesByTlsUnlessTheServerIsOnThisMachineOrItIsToldNotTo() {
        assertThat(parse("postgres://u@db/n").encrypted()).isTrue();
        assertThat(parse("postgres://u@db/n").port()).isEqualTo(5432);
        assertThat(parse("postgresql://u@db/n?sslmode=disable").encrypted()).isFalse();
        assertThat(parse("postgresql://u@localhost/n").encrypted()).isFalse();
        assertThat(parse("postgresql://u@127.0.0.1/n").encrypted()).isFalse();
        assertThat(parse("postgresql://u@[::1]:1/n").encrypted()).isFalse();
        assertThat(parse("postgresql://u@[::1]:1/n").host()).isEqualTo("::1");
        assertThat(parse("postgresql://u@localhost/n?sslmode=verify-full").encrypted())
                .isTrue();
        assertThat(parse("postgresql://u@localhost/n?sslrootcert=ca.pem").encrypted())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "skerry.db",
                "mysql://u@h/n",
                "postgresql://h/n",
                "postgresql://u@h",
                "postgresql://u@h/",
                "postgresql://u@h/n/m",
                "postgresql://@h/n",
                "postgresql://u@h:port/n",
                "postgresql://u@h/n?sslmode=require",
                "postgresql://u@h/n?sslmode",
                "postgresql://u@h/n?password=hunter2",
                "postgresql://u:hunter2@h/n",
                "postgresql://u:hunter2@h h/n",
                "postgresql://u%zz@h/n",
                "postgresql://u%00@h/n",
            })
    void whatIsNoAddressIsRefusedWithoutRepeatingAPassword(String url) {
        assertThatThrownBy(() -> parse(url)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("database.malformed");
            assertThat(e.problem().remedy()).isNotEmpty();
            var trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            assertThat(trace + e.problem().sentence()).doesNotContain("hunter2");
        });
    }
}
