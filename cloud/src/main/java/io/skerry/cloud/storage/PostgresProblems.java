package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL's failures mean, by SQLSTATE, and how they are told. */
final class PostgresProblems {
    /** Of our own: the password can't be read. */
    static final String NO_PASSWORD = "SKPW1";

    private final PostgresAddress address;

    PostgresProblems(PostgresAddress address) {
        this.address = address;
    }

    static Trouble judge(SQLException failure) {
        @Nullable String state = failure.getSQLState();
        if (state == null) {
            return Trouble.OTHER;
        }
        return switch (state) {
            case "23505" -> Trouble.UNIQUE;
            case "23503" -> Trouble.FOREIGN_KEY;
            case "40001", "40P01" -> Trouble.CROSSED;
            // A prepared query whose tables another process has just migrated; the driver prepares it anew.
            case "0A000" ->
                String.valueOf(failure.getMessage()).contains("cached plan") ? Trouble.CROSSED : Trouble.OTHER;
            // Shutdown, crash, not ready, idle for too long (twice).
            case "57P01", "57P02", "57P03", "57P05", "25P03" -> Trouble.LOST;
            default -> state.startsWith("08") ? Trouble.LOST : state.startsWith("23") ? Trouble.RULE : Trouble.OTHER;
        };
    }

    /** Why no connection can be had. */
    Problem unavailable(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (causedByTls(failure)) {
            return new Problem(
                    "database.not-trusted",
                    "The database server at " + address.place() + " doesn't prove by TLS who it is: "
                            + Text.shortened(String.valueOf(failure.getMessage()), 200) + ".",
                    "Check that it has TLS on, that its certificate names '" + address.host()
                            + "', and that sslrootcert in --database is the authority that issued it.");
        }
        return switch (state) {
            case NO_PASSWORD ->
                new Problem(
                        "database.password-unreadable",
                        "For the database at " + address.place() + " "
                                + Text.shortened(String.valueOf(failure.getMessage()), 300) + ".",
                        "Check --database-password-file and that this user may read it.");
            case "28P01", "28000" ->
                new Problem(
                        "database.refused",
                        "The database server at " + address.place() + " refuses the user '" + address.user() + "'.",
                        "Check the user in --database, the password in --database-password-file, and what the server's"
                                + " pg_hba.conf asks of this machine.");
            case "3D000" ->
                new Problem(
                        "database.missing",
                        "The server at " + address.place() + " has no database '" + address.database() + "'.",
                        "Make it with: " + creation());
            case "42501" -> notAllowed();
            default ->
                new Problem(
                        "storage.unavailable",
                        "The database at " + address.place() + " can't be reached.",
                        "Check that it runs, isn't a standby, and that this machine may connect to it.");
        };
    }

    private static boolean causedByTls(Throwable failure) {
        for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SSLException) {
                return true;
            }
        }
        // The driver has no state of their own for these, and translates all but the names.
        String message = String.valueOf(failure.getMessage());
        return message.contains("SSL") || message.contains("hostnameverifier");
    }

    private String creation() {
        return "CREATE DATABASE \"" + address.database() + "\" OWNER \"" + address.user()
                + "\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'.";
    }

    private Problem notAllowed() {
        return new Problem(
                "database.not-allowed",
                "The user '" + address.user() + "' may not make or change tables in the database '" + address.database()
                        + "' at " + address.place() + ".",
                "Make that user the database's owner.");
    }

    Problem otherOrder(String encoding) {
        return new Problem(
                "database.other-order",
                "The database '" + address.database() + "' at " + address.place() + " has the encoding " + encoding
                        + " and sorts by a language's rules; Skerry needs UTF8 and the order of the bytes.",
                "Make another one with: " + creation());
    }

    Problem newer() {
        return new Problem(
                "data.newer-version",
                "The database '" + address.database() + "' at " + address.place()
                        + " was migrated by a newer version of Skerry.",
                "Run that version or a later one; this one changes nothing in it.");
    }

    Problem notMigrated(@Nullable SQLException failure) {
        if (failure != null && "42501".equals(failure.getSQLState())) {
            return notAllowed();
        }
        if (failure != null && judge(failure) == Trouble.LOST) {
            return unavailable(failure);
        }
        return new Problem(
                "database.not-migrated",
                "The tables in the database '" + address.database() + "' at " + address.place()
                        + " can't be brought up to date.",
                "Look into the log for why; if something else made tables in it, give Skerry a database of its own.");
    }
}
