package io.skerry.bench.host;

import io.skerry.lab.host.Daemon;
import io.skerry.lab.host.HostTools;
import io.skerry.lab.host.Pause;
import io.skerry.lab.host.Ports;
import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * A PostgreSQL server on loopback as Debian packages it, with one database for a control plane, in a folder of its own; both are gone
 * once it is closed. It writes to the disk as it does out of the box.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String NOBODY = "65534";
    /** Makes a server and runs it until this process doesn't hold the other end of its standard input any more, then deletes all of it. */
    private static final String KEEPER = """
            trap '' INT TERM
            folder=$1 binaries=$2 port=$3
            trap 'rm -rf "$folder"' EXIT
            shift 3
            "$@" "$binaries/initdb" --pgdata="$folder/data" --username=skerry --pwfile="$folder/password" \\
                --auth-host=scram-sha-256 --auth-local=reject --encoding=UTF8 --no-locale || exit
            "$@" "$binaries/postgres" -D "$folder/data" -c listen_addresses=127.0.0.1 -c port="$port" \\
                -c unix_socket_directories= &
            server=$!
            cat >/dev/null
            kill -INT $server
            wait $server
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HostTools tools = new HostTools();
    private final Path folder;
    private final Path binaries;
    private final int port;
    private final Process keeper;

    /**
     * Starts it.
     *
     * @throws io.skerry.spec.ProblemException {@code bench.postgres} with what it said
     */
    public PostgresServer() {
        binaries = binaries();
        port = Ports.free(0);
        try {
            folder = Files.createTempDirectory("skerry-postgres-");
            keeper = started();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!Pause.until(PATIENCE, () -> !keeper.isAlive() || isReady()) || !keeper.isAlive()) {
            String said = Daemon.lastWords(folder.resolve("log"));
            close();
            throw problem(said).asException();
        }
    }

    private Process started() throws IOException {
        Files.setAttribute(
                folder,
                "posix:owner",
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        byte[] password = new byte[16];
        new SecureRandom().nextBytes(password);
        Files.writeString(passwordFile(), HexFormat.of().formatHex(password) + "\n");
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        KEEPER,
                        "sh",
                        folder.toString(),
                        binaries.toString(),
                        Integer.toString(port),
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** Debian keeps them out of the path. */
    private static Path binaries() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(v -> v.resolve("bin"))
                    .filter(b -> Files.isExecutable(b.resolve("initdb")))
                    .max(Path::compareTo)
                    .orElseThrow(() -> problem("there is none.").asException());
        } catch (IOException e) {
            throw problem("there is none.").asException(e);
        }
    }

    private static Problem problem(String what) {
        return new Problem(
                "bench.postgres",
                "PostgreSQL can't be measured: " + what,
                "Install it: apt-get install -y --no-install-recommends postgresql-15");
    }

    private boolean isReady() {
        return tools.attempt(binaries.resolve("pg_isready").toString(), "-h", "127.0.0.1", "-p", Integer.toString(port))
                .succeeded();
    }

    /** Its database for the control plane, as {@code --database} has it: one that has no tables yet. */
    public String url() {
        return "postgresql://skerry@127.0.0.1:" + port + "/postgres?sslmode=disable";
    }

    public Path passwordFile() {
        return folder.resolve("password");
    }

    @Override
    public void close() {
        try {
            keeper.getOutputStream().close();
            keeper.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
