package io.skerry.cloud.storage;

import java.sql.SQLException;

/** Rows on their way into one table. */
interface Filling extends AutoCloseable {
    /** @param line see {@link PortableRow} */
    void add(String line) throws SQLException;

    /** All were added. */
    void end() throws SQLException;

    /** Gives up what didn't come to its end. */
    @Override
    void close() throws SQLException;
}
