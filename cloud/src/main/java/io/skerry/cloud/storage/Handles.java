package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import java.sql.Types;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;

/** How queries are made of words and values, the same on each database. */
final class Handles {
    private Handles() {}

    static Handle open(ConnectionFactory connections) {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.registerArgument(new TextArguments());
        // What is bound may be a secret (a service's environment), and failures end in the log.
        jdbi.getConfig(StatementExceptions.class)
                .setMessageRendering(e -> e.getShortMessage() + " [" + sql(e.getStatementContext()) + "]");
        return jdbi.open();
    }

    private static String sql(@Nullable StatementContext statement) {
        @Nullable String raw = statement == null ? null : statement.getRawSql();
        return raw == null ? "no statement" : raw;
    }

    /** Refuses what PostgreSQL can't hold and SQLite would. */
    private static final class TextArguments extends AbstractArgumentFactory<String> {
        TextArguments() {
            super(Types.VARCHAR);
        }

        @Override
        protected Argument build(String value, ConfigRegistry config) {
            if (value.indexOf('\0') >= 0) {
                throw new Problem(
                                "input.malformed",
                                "A text has the character NUL in it.",
                                "Leave it out: it can be neither kept nor looked up.")
                        .asException();
            }
            return (position, statement, context) -> statement.setString(position, value);
        }
    }
}
