package io.skerry.cloud.storage;

import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Brings the tables up to date, by the same files on each database. */
final class Migrations {
    private static final String FILES = "classpath:io/skerry/cloud/storage";

    private Migrations() {}

    /** @throws io.skerry.spec.ProblemException when they can't be, or a newer version of Skerry did */
    static void run(Engine engine) {
        Flyway flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(engine.forMigrating())
                .locations(FILES)
                // By default it would pass over what a newer version did.
                .ignoreMigrationPatterns(new String[0])
                .load();
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            throw isNewer(flyway)
                    ? engine.newer().asException(e)
                    : engine.notMigrated(Failures.database(e).orElse(null)).asException(e);
        }
    }

    private static boolean isNewer(Flyway flyway) {
        try {
            return Arrays.stream(flyway.info().applied())
                    .map(MigrationInfo::getState)
                    .anyMatch(s -> s == MigrationState.FUTURE_SUCCESS || s == MigrationState.FUTURE_FAILED);
        } catch (FlywayException e) {
            // Why it couldn't migrate says more.
            return false;
        }
    }
}
