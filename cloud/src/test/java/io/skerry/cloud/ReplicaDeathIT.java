package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.cloud.storage.PostgresAddress;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.desired.DesiredState;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Session;
import io.skerry.spec.wire.Messages;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes on one database behind a load balancer, one of which is a process of its own and is killed. */
@Tag(TestDatabase.POSTGRESQL)
class ReplicaDeathIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Pattern DEVICES = Pattern.compile("Devices: +https://localhost:(\\d+)");

    private final TestCloud survivor;
    private final Process mortal;
    private final RoundRobin balancer;

    ReplicaDeathIT(@TempDir Path root) throws Exception {
        PostgresAddress database = TestDatabase.of(root).orElseThrow();
        Path shared = root.resolve("shared");
        survivor = new TestCloud(
                CloudSettings.local(root.resolve("survivor")).on(database).sharing(shared));
        mortal = started(root, database, shared);
        balancer = new RoundRobin(survivor.cloud.devicesPort(), devicesPort(root.resolve("out")));
    }

    private static Process started(Path root, PostgresAddress database, Path shared) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CloudProgram.class.getName(),
                        "run",
                        "--data",
                        root.resolve("mortal").toString(),
                        "--shared",
                        shared.toString(),
                        "--database",
                        "postgresql://" + database.user() + "@" + database.host() + ":" + database.port() + "/"
                                + database.database() + "?sslmode=disable",
                        "--database-password-file",
                        database.passwordFile().orElseThrow().toString(),
                        "--listen",
                        "127.0.0.1",
                        "--device-listen",
                        "127.0.0.1",
                        "--port",
                        "0",
                        "--device-port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("out").toFile())
                .start();
    }

    private int devicesPort(Path out) {
        await().atMost(LONG).until(() -> DEVICES.matcher(Files.readString(out)).find() || !mortal.isAlive());
        try {
            Matcher port = DEVICES.matcher(Files.readString(out));
            assertThat(port.find()).as(Files.readString(out)).isTrue();
            return Integer.parseInt(port.group(1));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() throws Exception {
        mortal.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        balancer.close();
        survivor.close();
    }

    @Test
    void whenOneIsKilledTheOtherGoesOnWithItsDevicesAndEndsWhatItHadBegun() throws Exception {
        survivor.version("web");
        List<TestDevice> fleet = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            TestDevice device = survivor.device("d" + i).atPort(balancer.port());
            fleet.add(device);
            // By turns at one and the other; from now on each has a connection there.
            await().atMost(LONG).until(() -> device.get().statusCode() == 200);
            var _ = device.waiting(TestDevice.position(device.get()), 50);
        }
        String dying = theOther();
        survivor.cloud.parts().storage().write(h -> {
            h.execute(
                    "INSERT INTO imports (customer_id, import_id, service_name, state, bytes_total, replica_id, started_at)"
                            + " VALUES (?, 'i', 'web', 'running', 0, ?, 0)",
                    TestCloud.customerIn(h),
                    dying);
            return dying;
        });
        survivor.cloud
                .parts()
                .states()
                .openStream(
                        fleet.getFirst().nodeId(), new Session.Stream(dying + ".s1", Session.Kind.LOG, "i1", true, 1));
        await().atMost(LONG)
                .until(() -> fleet.stream()
                        .allMatch(d -> survivor.cloud.parts().nodes().online(d.nodeId())));

        mortal.destroyForcibly().waitFor(30, TimeUnit.SECONDS);

        for (TestDevice device : fleet) {
            survivor.instance("on-" + device.nodeId(), "web", device.nodeId());
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() -> state(device.get()).workload().containers().containsKey("on-" + device.nodeId()));
        }
        await().atMost(LONG).untilAsserted(() -> assertThat(importState()).isEqualTo("failed"));
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(state(fleet.getFirst().get()).session().streams())
                                .isEmpty());
    }

    private String theOther() {
        return survivor.cloud
                .parts()
                .storage()
                .read(h -> h.createQuery("SELECT replica_id FROM replicas WHERE address NOT LIKE :own")
                        .bind("own", "%:" + survivor.cloud.devicesPort())
                        .mapTo(String.class)
                        .one());
    }

    private String importState() {
        return survivor.cloud
                .parts()
                .storage()
                .read(h -> h.createQuery("SELECT state FROM imports")
                        .mapTo(String.class)
                        .one());
    }

    private static DesiredState state(HttpResponse<byte[]> answer) {
        var signed = Messages.SIGNED_DESIRED_STATE.fromJson(answer.body());
        return Documents.DESIRED_STATE.fromJson(
                Base64.getDecoder().decode(signed.document().payload()));
    }
}
