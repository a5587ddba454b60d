package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.skerry.cloud.blob.Blobs;
import io.skerry.cloud.blob.BucketAddress;
import io.skerry.cloud.blob.ShortWire;
import io.skerry.cloud.blob.TestContent;
import io.skerry.cloud.registry.SourceRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.content.tls.Pem;
import io.skerry.content.tls.PinnedAuthority;
import io.skerry.content.tls.TlsContexts;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control plane whose images are in a bucket, from a real registry to devices, and through a backup into another bucket. */
@Tag(TestDatabase.TAG)
class BucketCloudIT {
    private final Path root;
    private final Path data;
    private final SourceRegistry source;
    private final ShortWire wire;
    private final TestImage image = TestImage.of(Architecture.AMD64, incompressible());

    BucketCloudIT(@TempDir Path root) throws Exception {
        this.root = root;
        data = root.resolve("data");
        source = new SourceRegistry(root.resolve("source"));
        wire = TestContent.wire();
        source.push("edge/web:1", Map.of(Architecture.AMD64, image));
    }

    /** Of some megabytes, so that a network's buffers don't take all of it. */
    private static String incompressible() {
        var random = new Random(3);
        var text = new StringBuilder();
        for (int i = 0; i < 1_500_000; i++) {
            text.append(Integer.toHexString(random.nextInt(0x10000000, 0x7fffffff)));
        }
        return text.toString();
    }

    @AfterEach
    void close() throws Exception {
        source.close();
        wire.close();
    }

    @Test
    void imagesAreImportedServedCollectedAndRestoredByWayOfBuckets() throws Exception {
        BucketAddress bucket = TestContent.bucket(data, wire);
        byte[] layer = Objects.requireNonNull(image.blobs().get(image.layer()));
        TestDevice device;
        String customer;
        Path place = root.resolve("backup");
        try (var test = new TestCloud(settings(data, bucket))) {
            customer = test.customer();
            String service = imported(test, customer);
            device = test.device("gate");
            test.instance("i", service, device.nodeId());
            assertThat(data.resolve("content")).doesNotExist();

            assertPulled(device, customer, layer);
            assertThatAPullThatBreaksIsNoWhole(device, customer, layer);

            collects(test, bucket);
            assertPulled(device.at(test.cloud), customer, layer);

            assertThat(RestoredCloudIT.run(new Maintenance.MakeBackup(
                            place, data, Optional.empty(), TestDatabase.of(data), Optional.of(bucket))))
                    .contains("keys of this control plane");
        }
        assertThat(RestoredCloudIT.run(new Maintenance.VerifyBackup(place))).contains("Whole:");

        Path other = root.resolve("other");
        BucketAddress otherBucket = TestContent.bucket(other);
        RestoredCloudIT.run(
                new Maintenance.RestoreBackup(place, other, TestDatabase.of(other), Optional.of(otherBucket)));
        try (var restored = new TestCloud(settings(other, otherBucket))) {
            assertPulled(device.at(restored.cloud), customer, layer);
            assertThat(other.resolve("content")).doesNotExist();
        }
    }

    @Test
    void contentIsCopiedFromAFolderIntoABucketOnce() throws IOException {
        BucketAddress bucket = TestContent.bucket(data);
        Digest digest;
        try (Blobs folder = Blobs.at(Optional.empty(), data)) {
            digest = folder.put("a layer".getBytes(StandardCharsets.UTF_8));
        }
        var copy = new Maintenance.CopyContent(data, bucket);
        assertThat(RestoredCloudIT.run(copy)).contains("1 blobs", bucket.told());
        assertThat(RestoredCloudIT.run(copy)).contains("0 blobs");
        try (Blobs copied = Blobs.at(Optional.of(bucket), data)) {
            assertThat(TestContent.digests(copied)).containsExactly(digest);
        }
    }

    private CloudSettings settings(Path folder, BucketAddress bucket) {
        CloudSettings local = CloudSettings.local(folder).in(bucket);
        return new CloudSettings(
                local.data(),
                local.database(),
                local.shared(),
                local.content(),
                local.replicaAddress(),
                local.operators(),
                local.devices(),
                local.hosts(),
                true,
                Set.of(source.host()),
                local.people(),
                local.firstKeyFile(),
                local.limits(),
                local.pollWait(),
                local.certificateLife(),
                local.renewable());
    }

    /** The id of the service that it makes. */
    private String imported(TestCloud test, String customer) throws Exception {
        String mutation = """
                mutation { DM_import_node_service(input: { customer_id: \\"%s\\" node_service_input: { name: \\"web\\" }
                  image_sources: [ { arch: amd64 image_reference: \\"%s/edge/web:1\\"
                    authn: { registry_user: \\"%s\\" registry_pw: \\"%s\\" } } ] }) }
                """.formatted(customer, source.host(), SourceRegistry.USER, SourceRegistry.PASSWORD)
                .replace("\n", " ");
        var authority =
                Pem.certificates(Files.readString(test.cloud.authorityFile())).getFirst();
        try (var http = HttpClient.newBuilder()
                .sslContext(TlsContexts.trusting(PinnedAuthority.of(authority)))
                .build()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + test.cloud.operatorsPort() + "/graphql"))
                            .header("authorization", "Bearer " + test.key())
                            .header("content-type", "application/json")
                            .timeout(Duration.ofMinutes(1))
                            .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"" + mutation + "\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).doesNotContain("errors");
        }
        return test.cloud
                .parts()
                .storage()
                .read(h -> h.createQuery("SELECT service_id FROM services")
                        .mapTo(String.class)
                        .one());
    }

    private HttpRequest.Builder asked(TestDevice device, String customer) {
        return device.request("/v2/" + customer + "/web/blobs/" + image.layer());
    }

    private void assertPulled(TestDevice device, String customer, byte[] layer) throws Exception {
        assertThat(device.send(asked(device, customer).build()).body()).isEqualTo(layer);
        int from = layer.length / 3;
        HttpResponse<byte[]> rest = device.send(
                asked(device, customer).header("range", "bytes=" + from + "-").build());
        assertThat(rest.statusCode()).isEqualTo(206);
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(layer, from, layer.length));
    }

    /** The device sees its connection end, asks for the rest later, and gets it. */
    private void assertThatAPullThatBreaksIsNoWhole(TestDevice device, String customer, byte[] layer) throws Exception {
        wire.answerOnceAtMost(layer.length / 2);
        HttpResponse<InputStream> broken =
                device.client.send(asked(device, customer).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(broken.statusCode()).isEqualTo(200);
        try (InputStream in = broken.body()) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
        assertThat(device.send(asked(device, customer).build()).statusCode()).isEqualTo(503);
        wire.mend();
        assertPulled(device, customer, layer);
    }

    /** What no version reaches goes after a day, and what one reaches stays. */
    private void collects(TestCloud test, BucketAddress bucket) {
        try (Blobs blobs = Blobs.inBucket(bucket, root.resolve("arriving"))) {
            Digest stray = blobs.put("left by an import".getBytes(StandardCharsets.UTF_8));
            test.restart();
            assertThat(blobs.has(stray)).isTrue();
            test.later(Duration.ofDays(2));
            test.restart();
            await().atMost(Duration.ofSeconds(30)).until(() -> !blobs.has(stray));
            assertThat(blobs.has(image.layer())).isTrue();
        }
    }
}
