package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.node.NewClaim;
import io.skerry.cloud.storage.DataFolder;
import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.storage.Unfinished;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Position;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control plane that began embedded and goes on with PostgreSQL. */
@Tag(TestDatabase.POSTGRESQL)
class MovedCloudIT {
    @Test
    void itsDevicesFollowItAndNotTheOneThatWasLeftBehind(@TempDir Path root) throws Exception {
        Path data = root.resolve("data");
        CloudSettings embedded = CloudSettings.local(data);
        TestDevice device;
        Position seen;
        try (var cloud = new Cloud(embedded, printer())) {
            cloud.start();
            String customer = cloud.parts()
                    .customers()
                    .visibleTo(Caller.everything(Actor.CONTROL_PLANE), 200, "")
                    .items()
                    .getFirst()
                    .customerId();
            String token = cloud.parts()
                    .claimTokens()
                    .create(
                            new NewClaim(customer, Optional.empty(), Optional.empty(), 1, Duration.ofHours(1)),
                            Actor.CONTROL_PLANE);
            device = TestDevice.enrol(cloud, token, "alpha");
            seen = TestDevice.position(device.get());
        }
        PostgresAddress target = TestDatabase.bare();

        assertThat(RestoredCloudIT.run(new Maintenance.MoveDatabase(data, target)))
                .contains(target.told())
                .contains("--database");

        assertThatThrownBy(() -> new Cloud(embedded, printer()))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("data.moved"));
        try (var cloud = new Cloud(embedded.on(target), printer())) {
            cloud.start();
            HttpResponse<byte[]> told = device.at(cloud).get();
            assertThat(told.statusCode()).isEqualTo(200);
            assertThat(TestDevice.position(told)).isGreaterThan(seen);
            assertThat(TestDevice.position(told).epoch()).isGreaterThan(seen.epoch());
        }
    }

    @Test
    void aNewEpochIsRefusedWhileAnyControlPlaneUsesTheDatabase(@TempDir Path root) {
        PostgresAddress database = TestDatabase.bare();
        var epoch = new Maintenance.BeginEpoch(root.resolve("other"), Optional.of(database), 0);
        try (var cloud = new Cloud(CloudSettings.local(root.resolve("data")).on(database), printer())) {
            cloud.start();
            Awaitility.await()
                    .until(() -> cloud.parts()
                                    .storage()
                                    .read(h -> h.createQuery("SELECT count(*) FROM replicas")
                                            .mapTo(Long.class)
                                            .one())
                            == 1);

            assertThatThrownBy(() -> RestoredCloudIT.run(epoch))
                    .isInstanceOfSatisfying(
                            ProblemException.class, e -> assertThat(e.code()).isEqualTo("data.in-use"));
        }
        assertThat(RestoredCloudIT.run(epoch)).contains("begins when the control plane is started");
    }

    @Test
    void aSharedFolderIntoWhichARestoreWasCutOffIsRefused(@TempDir Path root) {
        PostgresAddress database = TestDatabase.bare();
        Path shared = root.resolve("shared");
        try (DataFolder half = DataFolder.open(shared)) {
            half.begin(new Unfinished("restore", database.told()));
        }

        assertThatThrownBy(() -> new Cloud(
                        CloudSettings.local(root.resolve("data")).on(database).sharing(shared), printer()))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("data.unfinished"));
    }

    private static PrintStream printer() {
        return new PrintStream(new ByteArrayOutputStream());
    }
}
