package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.blob.BucketAddress;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.spec.ProblemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MaintenanceTest {
    private static final Path DATA = Path.of("/d");
    private static final Path PLACE = Path.of("/backups/monday");
    private static final BucketAddress BUCKET = BucketAddress.parse("s3://images", Optional.empty());
    private static final String URL = "postgresql://u@db/n";

    @Test
    void eachVerbTakesWhatItNeeds() {
        PostgresAddress database = PostgresAddress.parse(URL, Optional.empty());
        assertThat(parse("backup", "/backups/monday", "--data", "/d"))
                .isEqualTo(
                        new Maintenance.MakeBackup(PLACE, DATA, Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(parse("backup", "/backups/monday", "--data", "/d", "--shared", "/s", "--database", URL))
                .isEqualTo(new Maintenance.MakeBackup(
                        PLACE, DATA, Optional.of(Path.of("/s")), Optional.of(database), Optional.empty()));
        assertThat(parse("backup", "/backups/monday", "--data", "/d", "--content", "s3://images"))
                .isEqualTo(new Maintenance.MakeBackup(
                        PLACE, DATA, Optional.empty(), Optional.empty(), Optional.of(BUCKET)));
        assertThat(parse("verify", "/backups/monday")).isEqualTo(new Maintenance.VerifyBackup(PLACE));
        assertThat(parse("restore", "--data", "/d", "--database", URL, "/backups/monday"))
                .isEqualTo(new Maintenance.RestoreBackup(PLACE, DATA, Optional.of(database), Optional.empty()));
        assertThat(parse("restore", "--data", "/d", "--content", "s3://images", "/backups/monday"))
                .isEqualTo(new Maintenance.RestoreBackup(PLACE, DATA, Optional.empty(), Optional.of(BUCKET)));
        assertThat(parse("copy-content", "--data", "/d", "--content", "s3://images"))
                .isEqualTo(new Maintenance.CopyContent(DATA, BUCKET));
        assertThat(parse("copy-content", "--shared", "/s", "--content", "s3://images"))
                .isEqualTo(new Maintenance.CopyContent(Path.of("/s"), BUCKET));
        assertThat(parse("migrate", "--data", "/d", "--database", URL))
                .isEqualTo(new Maintenance.MoveDatabase(DATA, database));
        assertThat(parse("new-epoch", "--data", "/d")).isEqualTo(new Maintenance.BeginEpoch(DATA, Optional.empty(), 0));
        assertThat(parse("new-epoch", "--data", "/d", "--after", "1893456000"))
                .isEqualTo(new Maintenance.BeginEpoch(DATA, Optional.empty(), 1893456000));
    }

    @Test
    void whatIsMissingOrTooMuchIsRefusedWithWords() {
        for (List<String> line : List.of(
                List.of("backup", "--data", "/d"),
                List.of("backup", "/b"),
                List.of("backup", "/b", "/c", "--data", "/d"),
                List.of("backup", "/b", "--data", "/d", "--port", "1"),
                List.of("verify"),
                List.of("verify", "/b", "--data", "/d"),
                List.of("restore", "/b"),
                List.of("restore", "/b", "--data", "/d", "--shared", "/s"),
                List.of("migrate", "--data", "/d"),
                List.of("migrate", "/b", "--data", "/d", "--database", URL),
                List.of("new-epoch"),
                List.of("new-epoch", "--data", "/d", "--after", "-1"),
                List.of("new-epoch", "--data", "/d", "--after", "12345678901"),
                List.of("restore", "/b", "--data", "/d", "--after", "5"),
                List.of("new-epoch", "--data", "/d", "--content", "s3://images"),
                List.of("verify", "/b", "--content", "s3://images"),
                List.of("copy-content", "--data", "/d"),
                List.of("copy-content", "--content", "s3://images"),
                List.of("copy-content", "--data", "/d", "--content", "s3://images", "--database", URL),
                List.of("backup", "/b", "--data", "/d", "--content", "s3:images"),
                List.of("backup", "/b", "--data", "/d", "--content-credentials-file", "/p"),
                List.of("backup", "/b", "--data", "/d", "--database-password-file", "/p"),
                List.of("back"))) {
            assertThatThrownBy(() -> Maintenance.parse(line))
                    .as(line.toString())
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.code()).isEqualTo("usage"));
        }
    }

    private static Maintenance parse(String... line) {
        return Maintenance.parse(List.of(line));
    }
}
