package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is the embedded database's own. */
class SqliteStorageTest {
    @Test
    void theDatabaseIsForItsOwnerAlone(@TempDir Path root) throws Exception {
        try (var folder = DataFolder.open(root);
                var storage = Storage.open(folder);
                var files = Files.list(root)) {
            storage.write(h -> h.execute("DELETE FROM customers"));
            assertThat(files.filter(f -> String.valueOf(f.getFileName()).startsWith("skerry.db"))
                            .toList())
                    .isNotEmpty()
                    .allSatisfy(f -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void aCommitIsOnTheDiskBeforeItIsTold(@TempDir Path root) {
        // given
        try (var folder = DataFolder.open(root);
                var storage = Storage.open(folder)) {
            // when
            String modes = storage.write(h -> pragma(h, "journal_mode") + " " + pragma(h, "synchronous"));

            // then: FULL is 2; NORMAL, which is enough for other journals, would lose the last commits of a WAL at a
            // power cut
            assertThat(modes).isEqualTo("wal 2");
        }
    }

    private static String pragma(Handle h, String name) {
        return h.createQuery("PRAGMA " + name).mapTo(String.class).one();
    }

    @Test
    void aFileThatIsNoDatabaseIsNamed(@TempDir Path other) throws Exception {
        Files.writeString(other.resolve("skerry.db"), "no database at all ".repeat(100));
        try (var its = DataFolder.open(other)) {
            assertThatThrownBy(() -> Storage.open(its)).isInstanceOfSatisfying(ProblemException.class, e -> {
                assertThat(e.code()).isEqualTo("data.unreadable");
                assertThat(e.problem().message()).contains(other.toString());
            });
        }
    }

    @Test
    void whatAnEarlierVersionKeptIsThereAfterItsTablesWereBroughtUpToDate(@TempDir Path root) {
        Flyway.configure(SqliteStorageTest.class.getClassLoader())
                .dataSource("jdbc:sqlite:" + root.resolve("skerry.db"), "", "")
                .locations("classpath:io/skerry/cloud/storage")
                .target("2")
                .load()
                .migrate();
        Jdbi.create("jdbc:sqlite:" + root.resolve("skerry.db")).useHandle(h -> {
            h.execute("INSERT INTO customers VALUES ('c', 'north', 1)");
            h.execute("INSERT INTO api_keys VALUES ('k', NULL, 'first', 'hash', 1, NULL)");
            h.execute("INSERT INTO nodes (node_id, customer_id, name, key_fingerprint, capabilities, created_at)"
                    + " VALUES ('n', 'c', 'alpha', 'f', '{}', 1)");
            h.execute("INSERT INTO services VALUES ('s', 'c', 'web', 4, 1)");
            h.execute("INSERT INTO service_versions VALUES ('s', 4, 'image', '{}', 1)");
        });

        try (var folder = DataFolder.open(root);
                var storage = Storage.open(folder)) {
            assertThat(text(storage, "SELECT role FROM api_keys")).isEqualTo("admin");
            assertThat(text(storage, "SELECT attributes FROM nodes")).isEqualTo("{}");
            assertThat(text(storage, "SELECT last_version FROM services")).isEqualTo("4");
            assertThat(text(storage, "SELECT count(*) FROM service_versions WHERE retired_at IS NULL"))
                    .isEqualTo("1");
        }
    }

    private static String text(Storage storage, String query) {
        return storage.read(h -> h.createQuery(query).mapTo(String.class).one());
    }
}
