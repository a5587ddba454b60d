package io.skerry.cloud.storage;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** All rows of all tables in a form that is the same whichever database holds them, from wherever they are. */
public interface AllRows {
    /** The newest migration that made the tables, as its number: {@code 7}. */
    String schema();

    /** The columns of each table, in the order of the values in its rows. */
    Map<String, List<String>> columns();

    /** Gives each row of the table as a line (PostgreSQL's {@code COPY} text), sorted by the table's key. */
    void rows(String table, Consumer<String> line);
}
