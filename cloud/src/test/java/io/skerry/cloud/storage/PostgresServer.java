package io.skerry.cloud.storage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * A real PostgreSQL server on loopback for the tests of this process, with a database for each data folder. It runs as an
 * unprivileged user in a temporary folder; it ends, and the folder goes, with this process, however that ends.
 */
final class PostgresServer {
    private static final String NOBODY = "65534";
    /** Ends the server when this process doesn't hold the other end of its standard input any more. */
    private static final String KEEPER = "trap '' INT TERM; folder=$1; shift; \"$@\" & server=$!; cat >/dev/null;"
            + " kill -QUIT $server; wait $server; rm -rf \"$folder\"";

    private final Path folder;
    private final String password = UUID.randomUUID().toString();
    private final int port;
    private final Process keeper;
    /** By data folder. */
    private final Map<Path, PostgresAddress> databases = new HashMap<>();

    private final AtomicInteger made = new AtomicInteger();
    private @Nullable PostgresAddress migrated;
    private @Nullable CompletableFuture<PostgresAddress> spare;

    private static final class Shared {
        static final PostgresServer SERVER = started();
    }

    private PostgresServer(Path binaries) throws IOException, InterruptedException {
        folder = Files.createTempDirectory("skerry-postgres-");
        boolean root = System.getProperty("user.name").equals("root");
        if (root) {
            var nobody = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            Files.getFileAttributeView(folder, PosixFileAttributeView.class).setOwner(nobody);
        }
        List<String> unprivileged =
                root ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups") : List.of();
        Files.writeString(passwordFile(), password + "\n");
        run(
                unprivileged,
                List.of(
                        binaries.resolve("initdb").toString(),
                        "--pgdata=" + folder.resolve("data"),
                        "--username=skerry",
                        "--auth=scram-sha-256",
                        "--pwfile=" + passwordFile(),
                        "--encoding=UTF8",
                        "--no-locale",
                        "--no-sync"));
        run(
                unprivileged,
                List.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost",
                        "-keyout",
                        folder.resolve("server.key").toString(),
                        "-out",
                        certificate().toString()));
        port = freePort();
        keeper = kept(unprivileged, binaries);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::answers);
    }

    private Process kept(List<String> unprivileged, Path binaries) throws IOException {
        var command = new ArrayList<>(List.of("sh", "-c", KEEPER, "sh", folder.toString()));
        command.addAll(unprivileged);
        command.addAll(List.of(binaries.resolve("postgres").toString(), "-D", folder.resolve("data") + ""));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=200",
                "shared_buffers=64MB",
                // Nothing of it is meant to outlive the machine.
                "fsync=off",
                "full_page_writes=off",
                "wal_level=minimal",
                "max_wal_senders=0",
                "ssl=on",
                "ssl_cert_file=" + certificate(),
                "ssl_key_file=" + folder.resolve("server.key"))) {
            command.addAll(List.of("-c", setting));
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private static PostgresServer started() {
        Path binaries = binaries()
                .orElseThrow(() -> new TestAbortedException("PostgreSQL isn't installed (Debian: postgresql-15)"));
        try {
            return new PostgresServer(binaries);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Debian keeps them out of the path. */
    private static Optional<Path> binaries() {
        return List.of("15", "16", "17", "18").stream()
                .map(v -> Path.of("/usr/lib/postgresql", v, "bin"))
                .filter(p -> Files.isExecutable(p.resolve("initdb")))
                .findFirst();
    }

    private void run(List<String> unprivileged, List<String> command) throws IOException, InterruptedException {
        var whole = new ArrayList<>(unprivileged);
        whole.addAll(command);
        Path log = folder.resolve("setup.log");
        Process process = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(command.getFirst() + " failed: " + Files.readString(log));
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() throws IOException {
        if (!keeper.isAlive()) {
            throw new IOException("PostgreSQL ended: " + Files.readString(folder.resolve("log")));
        }
        try (Connection connection = connect("postgres")) {
            return connection.isValid(5);
        } catch (SQLException e) {
            // Not yet.
            return false;
        }
    }

    /**
     * The server of this process, started at the first call.
     *
     * @throws TestAbortedException where PostgreSQL isn't installed
     */
    static PostgresServer shared() {
        return Shared.SERVER;
    }

    /** The one that belongs to this data folder. Those of folders that are gone are removed. */
    synchronized PostgresAddress databaseOf(Path data) {
        Path key = data.toAbsolutePath().normalize();
        PostgresAddress known = databases.get(key);
        if (known != null) {
            return known;
        }
        PostgresAddress mine = spare == null ? copied() : spare.join();
        List<String> unused = unused();
        databases.put(key, mine);
        // While the test runs that asked for this one.
        spare = CompletableFuture.supplyAsync(() -> {
            unused.forEach(u -> execute("postgres", "DROP DATABASE " + u + " WITH (FORCE)"));
            return copied();
        });
        return mine;
    }

    /** One whose tables are up to date already, which is quicker than to bring them up to date each time. */
    private PostgresAddress copied() {
        if (migrated == null) {
            migrated = database("C");
            Storage.open(migrated).close();
        }
        return create("TEMPLATE " + migrated.database());
    }

    /** A new and empty one. */
    PostgresAddress database(String collation) {
        String order = collation.equals("C")
                ? "LC_COLLATE 'C' LC_CTYPE 'C'"
                : "LOCALE_PROVIDER icu ICU_LOCALE '" + collation + "'";
        return create("TEMPLATE template0 ENCODING 'UTF8' " + order);
    }

    private PostgresAddress create(String how) {
        String name = "fleet" + made.incrementAndGet();
        execute("postgres", "CREATE DATABASE " + name + " " + how);
        return address(name);
    }

    /** One that may be there or not. */
    PostgresAddress address(String name) {
        return new PostgresAddress(
                "127.0.0.1", port, name, "skerry", Optional.of(passwordFile()), false, Optional.empty());
    }

    private List<String> unused() {
        List<Path> gone =
                databases.keySet().stream().filter(p -> !Files.exists(p)).toList();
        return gone.stream()
                .flatMap(p -> Optional.ofNullable(databases.remove(p)).stream())
                .map(PostgresAddress::database)
                .toList();
    }

    /** As the server's superuser. */
    void execute(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, "skerry", password);
    }

    int port() {
        return port;
    }

    Path passwordFile() {
        return folder.resolve("password");
    }

    String password() {
        return password;
    }

    /** Its own, which is its own authority, for the name localhost alone. */
    Path certificate() {
        return folder.resolve("server.crt");
    }
}
