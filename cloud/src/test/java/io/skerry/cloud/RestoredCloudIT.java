package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.content.signing.TrustedKeys;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.wire.Messages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control plane that came back from a backup, or moved, as its devices see it. */
@Tag(TestDatabase.TAG)
class RestoredCloudIT {
    private final Path data;
    private final Path other;
    private final Path place;

    RestoredCloudIT(@TempDir Path root) {
        data = root.resolve("data");
        other = root.resolve("other");
        place = root.resolve("backup");
    }

    @Test
    void aDeviceThatSawLaterSerialsFollowsTheRestoredOne() throws Exception {
        TestDevice device;
        Position seen;
        Workload asItWas;
        String key;
        try (var test = new TestCloud(data)) {
            key = test.key();
            device = test.device("alpha");
            test.version("web");
            test.instance("i", "web", device.nodeId());
            for (int n = 0; n < 3; n++) {
                test.version("web");
            }
            asItWas = state(device.get(), device).workload();
            // While it serves, and holds the folder's lock.
            assertThat(run(new Maintenance.MakeBackup(
                            place, data, Optional.empty(), TestDatabase.of(data), Optional.empty())))
                    .contains("keys of this control plane");
            assertThat(run(new Maintenance.VerifyBackup(place))).contains("Whole:");

            for (int n = 0; n < 5; n++) {
                test.version("web");
            }
            HttpResponse<byte[]> newest = device.get();
            seen = TestDevice.position(newest);
            assertThat(seen).isEqualTo(new Position(1, 10));
            assertThat(state(newest, device).workload()).isNotEqualTo(asItWas);
        }

        assertThat(run(new Maintenance.RestoreBackup(place, other, TestDatabase.of(other), Optional.empty())))
                .contains("Changes after that are lost");

        try (var restored = new TestCloud(other)) {
            assertThat(restored.printed()).doesNotContain("skk_");
            assertThat(restored.cloud.parts().apiKeys().callerOf(key)).isPresent();
            TestDevice again = device.at(restored.cloud);
            HttpResponse<byte[]> told = again.send(again.poll(Optional.of(seen), 50));
            assertThat(told.statusCode()).isEqualTo(200);
            Position position = TestDevice.position(told);
            assertThat(position).isGreaterThan(seen).isEqualTo(new Position(position.epoch(), 1));
            assertThat(position.epoch()).isBetween(1_700_000_000L, Instant.now().getEpochSecond());
            // Signed by the root that the device pinned when it was enrolled, and as it was at the backup.
            assertThat(state(told, device).head().position()).isEqualTo(position);
            assertThat(state(told, device).workload()).isEqualTo(asItWas);

            var waiting = again.waiting(position, 50);
            restored.version("web");
            assertThat(TestDevice.position(waiting.get(20, TimeUnit.SECONDS)))
                    .isEqualTo(new Position(position.epoch(), 2));

            restored.restart();
            assertThat(TestDevice.position(device.at(restored.cloud).get()))
                    .isEqualTo(new Position(position.epoch(), 2));
            assertThat(restored.device("beta").get().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aNewEpochCanBeAskedFor() throws Exception {
        TestDevice device;
        Position seen;
        try (var test = new TestCloud(data)) {
            device = test.device("alpha");
            seen = TestDevice.position(device.get());
        }
        run(new Maintenance.BeginEpoch(data, TestDatabase.of(data), 0));

        try (var test = new TestCloud(data)) {
            assertThat(TestDevice.position(device.at(test.cloud).get()).epoch()).isGreaterThan(seen.epoch());
        }
    }

    @Test
    void allThatItKeepsIsInABackupOrIsMadeAnew() throws IOException {
        try (var test = new TestCloud(data);
                Stream<Path> all = Files.list(data)) {
            List<String> kept =
                    List.of("keys", "content", "skerry.db", "skerry.db-wal", "skerry.db-shm", "registry-ca");
            List<String> madeAnew = List.of("lock", "format.json", "tmp", "ca.pem", "name");
            assertThat(test.customer()).isNotEmpty();
            assertThat(all.map(f -> String.valueOf(f.getFileName()))
                            .filter(f -> !kept.contains(f) && !madeAnew.contains(f)))
                    .as("is it in a backup?")
                    .isEmpty();
        }
    }

    private static DesiredState state(HttpResponse<byte[]> answer, TestDevice device) {
        var verified = TrustedKeys.pinned(device.enrolled.customer(), device.enrolled.root())
                .verify(Messages.SIGNED_DESIRED_STATE.fromJson(answer.body()));
        return Documents.DESIRED_STATE.fromJson(verified.payload());
    }

    static String run(Maintenance maintenance) {
        var said = new ByteArrayOutputStream();
        maintenance.carryOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        return said.toString(StandardCharsets.UTF_8);
    }
}
