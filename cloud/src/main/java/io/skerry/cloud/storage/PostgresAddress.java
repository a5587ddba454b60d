package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is and how it is spoken to.
 *
 * @param passwordFile read anew for each connection, so that a changed password needs no restart
 * @param encrypted whether by TLS with the server's certificate and name checked, or in the clear
 * @param authorityFile PEM: who vouches for the server's certificate; empty: whom this machine's Java trusts
 */
public record PostgresAddress(
        String host,
        int port,
        String database,
        String user,
        Optional<Path> passwordFile,
        boolean encrypted,
        Optional<Path> authorityFile) {
    private static final int DEFAULT_PORT = 5432;
    private static final String FORM =
            "Give it as postgresql://USER@HOST:PORT/NAME, perhaps with ?sslmode=verify-full&sslrootcert=FILE or"
                    + " ?sslmode=disable.";

    /**
     * Reads {@code postgresql://user@host:port/name?sslmode=…&sslrootcert=…}. Without a word about it, TLS is used unless the
     * server is on this machine.
     *
     * @throws ProblemException {@code database.malformed}, which never repeats a password
     */
    public static PostgresAddress parse(String url, Optional<Path> passwordFile) {
        URI uri = uri(url);
        if (uri.getRawUserInfo() != null && uri.getRawUserInfo().contains(":")) {
            throw malformed(
                    "The database's address has a password in it, where others can read it.",
                    "Put it into a file and name that with --database-password-file.");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        if (!scheme.equals("postgresql") && !scheme.equals("postgres")) {
            throw malformed("The database's address doesn't begin with postgresql://.", FORM);
        }
        String host = required(uri.getHost(), "host");
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        Query query = Query.parse(uri.getRawQuery() == null ? "" : uri.getRawQuery());
        return new PostgresAddress(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                decoded(required(path.isEmpty() ? "" : path.substring(1), "database's name")),
                decoded(required(uri.getRawUserInfo(), "user")),
                passwordFile,
                query.encrypted.orElse(query.authorityFile.isPresent() || !local(host)),
                query.authorityFile);
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            // Not as a cause: it repeats the address, which may have a password in it.
            throw malformed("The database's address isn't a URL.", FORM);
        }
    }

    private static String required(@Nullable String part, String what) {
        if (part == null || part.isEmpty() || part.contains("/") || part.contains("%00")) {
            throw malformed("The database's address has no " + what + " that could be used.", FORM);
        }
        return part;
    }

    private static boolean local(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed("The database's address isn't a URL.", FORM);
        }
    }

    private static ProblemException malformed(String message, String remedy) {
        return new Problem("database.malformed", message, remedy).asException();
    }

    /** As it is told to people: {@code postgresql://user@host:port/name}, without what says how it is spoken to. */
    public String told() {
        return "postgresql://" + user + "@" + place() + "/" + database;
    }

    /** For people: without the user. */
    String place() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private record Query(Optional<Boolean> encrypted, Optional<Path> authorityFile) {
        static Query parse(String query) {
            Optional<Boolean> encrypted = Optional.empty();
            Optional<Path> authorityFile = Optional.empty();
            for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                String value = parts.length < 2 ? "" : decoded(parts[1]);
                switch (parts[0]) {
                    case "sslmode" -> encrypted = Optional.of(mode(value));
                    case "sslrootcert" -> authorityFile = Optional.of(file(value));
                    default ->
                        throw malformed(
                                "The database's address has a parameter '" + Text.shortened(parts[0], 40)
                                        + "', which isn't known.",
                                FORM);
                }
            }
            return new Query(encrypted, authorityFile);
        }

        private static boolean mode(String value) {
            return switch (value) {
                case "verify-full" -> true;
                case "disable" -> false;
                default ->
                    throw malformed(
                            "sslmode can't be '" + Text.shortened(value, 40) + "'.",
                            "Use verify-full, which proves who the server is, or disable.");
            };
        }

        private static Path file(String value) {
            try {
                return Path.of(value).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw malformed("sslrootcert isn't a path: '" + Text.shortened(value, 80) + "'.", FORM);
            }
        }
    }
}
