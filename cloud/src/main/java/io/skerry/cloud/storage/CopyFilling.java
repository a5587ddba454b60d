package io.skerry.cloud.storage;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** By PostgreSQL's {@code COPY}, one statement for a table: so rows may refer to others that come after them. */
final class CopyFilling implements Filling {
    private final CopyIn copy;

    CopyFilling(Connection connection, Table table, List<String> columns) throws SQLException {
        copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + Table.quoted(table.name()) + " (" + Table.quoted(columns) + ") FROM STDIN");
    }

    @Override
    public void add(String line) throws SQLException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
    }

    @Override
    public void end() throws SQLException {
        copy.endCopy();
    }

    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }
}
