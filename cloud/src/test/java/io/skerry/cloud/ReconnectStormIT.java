package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.storage.TestDatabase;
import io.skerry.spec.desired.Position;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole fleet that comes back at once. */
@Tag(TestDatabase.TAG)
class ReconnectStormIT {
    private static final int DEVICES = 300;

    @Test
    void everyDeviceOfAFleetThatComesBackIsServedAndTheSecondTimeByResumption(@TempDir Path root) throws Exception {
        try (var test = new TestCloud(root.resolve("data"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String token = test.token(DEVICES);
            List<Future<TestDevice>> enrolments = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                enrolments.add(threads.submit(() -> TestDevice.enrol(test.cloud, token, "storm")));
            }
            List<TestDevice> fleet = new ArrayList<>();
            for (Future<TestDevice> enrolment : enrolments) {
                fleet.add(enrolment.get(120, TimeUnit.SECONDS));
            }
            long before = test.cloud.ports().fullDeviceHandshakes();

            Duration first = all(threads, fleet, test.cloud.devicesPort());
            long full = test.cloud.ports().fullDeviceHandshakes() - before;
            Duration second = all(threads, fleet, test.cloud.devicesPort());
            long again = test.cloud.ports().fullDeviceHandshakes() - before - full;

            assertThat(full).isEqualTo(DEVICES);
            assertThat(again).as("sessions are resumed").isLessThanOrEqualTo(DEVICES / 20);
            assertThat(first).isLessThan(Duration.ofSeconds(60));
            assertThat(second).isLessThan(Duration.ofSeconds(60));
        }
    }

    private static Duration all(ExecutorService threads, List<TestDevice> fleet, int port) throws Exception {
        long began = System.nanoTime();
        List<Future<String>> answers = new ArrayList<>();
        for (TestDevice device : fleet) {
            answers.add(threads.submit(() -> poll(device, port)));
        }
        for (Future<String> answer : answers) {
            assertThat(answer.get(90, TimeUnit.SECONDS)).startsWith("HTTP/1.1 304");
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** On a connection of its own, closed after the answer. */
    private static String poll(TestDevice device, int port) throws Exception {
        try (var socket = (SSLSocket) device.context.getSocketFactory().createSocket("localhost", port)) {
            socket.setSoTimeout(80_000);
            OutputStream out = socket.getOutputStream();
            out.write(("GET /device/v1/desired-state HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: "
                            + new Position(1, 1).entityTag() + "\r\nPrefer: wait=1\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
