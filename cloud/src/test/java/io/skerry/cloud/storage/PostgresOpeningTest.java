package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.skerry.spec.ProblemException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong with a PostgreSQL database is told with what to do about it, and without the password. */
@Tag(TestDatabase.POSTGRESQL)
class PostgresOpeningTest {
    private final PostgresServer server = PostgresServer.shared();

    private ProblemException refusal(PostgresAddress address) {
        ProblemException refusal = catchThrowableOfType(
                ProblemException.class, () -> Storage.open(address).close());
        var trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace));
        assertThat(trace + refusal.problem().sentence()).doesNotContain(server.password(), "hunter2");
        assertThat(refusal.problem().remedy()).isNotEmpty();
        return refusal;
    }

    private static PostgresAddress with(PostgresAddress a, String user, Path passwordFile) {
        return new PostgresAddress(
                a.host(), a.port(), a.database(), user, Optional.of(passwordFile), a.encrypted(), a.authorityFile());
    }

    private static PostgresAddress over(PostgresAddress a, String host, Path authority) {
        return new PostgresAddress(
                host, a.port(), a.database(), a.user(), a.passwordFile(), true, Optional.of(authority));
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreRefused(@TempDir Path other) throws Exception {
        Path file = Files.writeString(other.resolve("password"), "hunter2\n");
        PostgresAddress postgres = server.address("postgres");
        assertThat(refusal(with(postgres, "skerry", file)).code()).isEqualTo("database.refused");
        assertThat(refusal(with(postgres, "nobody", server.passwordFile()))
                        .problem()
                        .message())
                .contains("nobody");
        assertThat(refusal(with(postgres, "skerry", other.resolve("none"))).code())
                .isEqualTo("database.password-unreadable");
    }

    @Test
    void aMissingDatabaseIsToldWithHowToMakeIt() {
        ProblemException refusal = refusal(server.address("atlantis"));
        assertThat(refusal.code()).isEqualTo("database.missing");
        assertThat(refusal.problem().remedy())
                .contains("CREATE DATABASE \"atlantis\" OWNER \"skerry\"", "LC_COLLATE 'C'");
    }

    @Test
    void aServerThatIsntThereIsNamed() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        PostgresAddress a = server.address("postgres");
        ProblemException refusal = refusal(
                new PostgresAddress(a.host(), port, a.database(), a.user(), a.passwordFile(), false, Optional.empty()));
        assertThat(refusal.code()).isEqualTo("storage.unavailable");
        assertThat(refusal.problem().message()).contains("127.0.0.1:" + port);
    }

    @Test
    void aDatabaseThatSortsByALanguagesRulesIsRefused() {
        PostgresAddress address = server.database("en");
        assertThat(refusal(address).code()).isEqualTo("database.other-order");
    }

    @Test
    void aUserWhoMayMakeNoTablesIsTold(@TempDir Path other) throws Exception {
        PostgresAddress address = server.database("C");
        server.execute("postgres", "CREATE ROLE reader LOGIN PASSWORD 'hunter2'");
        Path file = Files.writeString(other.resolve("password"), "hunter2\n");
        assertThat(refusal(with(address, "reader", file)).code()).isEqualTo("database.not-allowed");
    }

    @Test
    void byTlsTheServerHasToProveWhoItIs(@TempDir Path other) throws Exception {
        PostgresAddress address = server.database("C");
        try (var storage = Storage.open(over(address, "localhost", server.certificate()))) {
            boolean encrypted =
                    storage.read(h -> h.createQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                            .mapTo(Boolean.class)
                            .one());
            assertThat(encrypted).isTrue();
        }
        assertThat(refusal(over(address, "127.0.0.1", server.certificate())).code())
                .as("another name than the certificate's")
                .isEqualTo("database.not-trusted");
        Path stranger = other.resolve("stranger.crt");
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-subj",
                        "/CN=stranger",
                        "-keyout",
                        other.resolve("key") + "",
                        "-out",
                        stranger + "")
                .redirectErrorStream(true)
                .redirectOutput(other.resolve("log").toFile())
                .start();
        assertThat(openssl.waitFor()).isZero();
        assertThat(refusal(over(address, "localhost", stranger)).code()).isEqualTo("database.not-trusted");
        assertThat(refusal(over(address, "localhost", other.resolve("none"))).code())
                .isEqualTo("database.not-trusted");
        PostgresAddress a = address;
        assertThat(refusal(new PostgresAddress(
                                "localhost",
                                a.port(),
                                a.database(),
                                a.user(),
                                a.passwordFile(),
                                true,
                                Optional.empty()))
                        .code())
                .as("without its authority")
                .isEqualTo("database.not-trusted");
    }

    @Test
    void aChangedPasswordIsReadFromItsFileAtTheNextConnection(@TempDir Path other) throws Exception {
        PostgresAddress address = server.database("C");
        server.execute("postgres", "CREATE ROLE rotated LOGIN SUPERUSER PASSWORD 'hunter2'");
        Path file = Files.writeString(other.resolve("password"), "hunter2");
        try (var storage = Storage.open(with(address, "rotated", file))) {
            server.execute("postgres", "ALTER ROLE rotated PASSWORD 'another'");
            Files.writeString(file, "another");
            server.execute(
                    "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rotated'");
            int one = storage.read(
                    h -> h.createQuery("SELECT 1").mapTo(Integer.class).one());
            assertThat(one).isEqualTo(1);
        }
    }
}
