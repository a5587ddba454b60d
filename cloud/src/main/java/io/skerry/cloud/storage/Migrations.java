package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import java.util.Arrays;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;

/** Brings the tables up to date, by the same files on each database. */
final class Migrations {
    private static final String FILES = "classpath:io/skerry/cloud/storage";

    private Migrations() {}

    /**
     * @param upTo no further than to this migration; empty: to the newest
     * @throws io.skerry.spec.ProblemException when they can't be, a newer version of Skerry did, or only a newer one could
     */
    static void run(Engine engine, Optional<String> upTo) {
        var configuration = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(engine.forMigrating())
                .locations(FILES)
                // By default it would pass over what a newer version did.
                .ignoreMigrationPatterns(new String[0]);
        Flyway flyway = configuration.load();
        try {
            if (upTo.isPresent() && !known(flyway, MigrationVersion.fromVersion(upTo.get()))) {
                throw new Problem(
                                "data.newer-version",
                                "The rows are of tables in their version " + upTo.get()
                                        + ", which this version of Skerry doesn't know.",
                                "Run the version of Skerry that wrote them, or a later one.")
                        .asException();
            }
            upTo.ifPresent(configuration::target);
            configuration.load().migrate();
        } catch (FlywayException e) {
            throw isNewer(flyway)
                    ? engine.newer().asException(e)
                    : engine.notMigrated(Failures.database(e).orElse(null)).asException(e);
        }
    }

    private static boolean known(Flyway flyway, MigrationVersion version) {
        return Arrays.stream(flyway.info().all()).anyMatch(m -> version.equals(m.getVersion()) && !isFuture(m));
    }

    private static boolean isNewer(Flyway flyway) {
        try {
            return Arrays.stream(flyway.info().applied()).anyMatch(Migrations::isFuture);
        } catch (FlywayException e) {
            // Why it couldn't migrate says more.
            return false;
        }
    }

    private static boolean isFuture(MigrationInfo migration) {
        return migration.getState() == MigrationState.FUTURE_SUCCESS
                || migration.getState() == MigrationState.FUTURE_FAILED;
    }
}
