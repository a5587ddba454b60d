package io.skerry.cloud.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.blob.TestContent;
import io.skerry.cloud.desired.Selector;
import io.skerry.cloud.graphql.FleetFixture;
import io.skerry.cloud.graphql.LocalServer;
import io.skerry.cloud.service.ImportRequest;
import io.skerry.cloud.service.MemoryRegistry;
import io.skerry.cloud.service.TestImage;
import io.skerry.cloud.storage.TestDatabase;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(TestDatabase.TAG)
@Tag(TestContent.TAG)
class RegistryHandlerTest {
    private static final Map<String, String> NOTHING = Map.of();

    private final FleetFixture fleet;
    private final LocalServer operators;
    private final LocalServer devices;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String customer;
    private final String node;
    private final String service;
    private final String key;
    private final TestImage one = TestImage.of(Architecture.AMD64, "one");
    private final TestImage two = TestImage.of(Architecture.AMD64, "two");
    private final TestImage three = TestImage.of(Architecture.AMD64, "three");

    RegistryHandlerTest(@TempDir Path root) throws Exception {
        var source = new MemoryRegistry();
        fleet = new FleetFixture(root, source, Set.of());
        customer = fleet.customer("acme");
        key = fleet.key(customer, "test").secret();
        node = fleet.node(customer, "gate", Architecture.AMD64);
        source.push("web", "1", one);
        source.push("web", "2", two);
        source.push("web", "3", three);
        service = imported("1");
        operators = new LocalServer(fleet, new ApiKeyAuthenticator(fleet.keys));
        // Stands for the client certificate that the devices' port checks.
        devices = new LocalServer(
                fleet,
                request -> Optional.ofNullable(request.getHeaders().get("node")).map(Reader.Device::new));
    }

    private String imported(String tag) {
        return fleet.imports
                .run(
                        ImportRequest.parse(Map.of(
                                "customer_id",
                                customer,
                                "node_service_input",
                                Map.of("name", "web"),
                                "image_sources",
                                List.of(Map.of("arch", "amd64", "image_reference", "r.example/web:" + tag)))),
                        FleetFixture.TESTER)
                .serviceId();
    }

    @AfterEach
    void close() {
        http.close();
        operators.close();
        devices.close();
        fleet.close();
    }

    private HttpResponse<byte[]> send(LocalServer server, String method, String path, Map<String, String> headers)
            throws Exception {
        var request = HttpRequest.newBuilder(server.at(path)).method(method, BodyPublishers.noBody());
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String path, Map<String, String> headers) throws Exception {
        var all = new java.util.HashMap<>(headers);
        all.put(
                "authorization",
                "Basic " + Base64.getEncoder().encodeToString(("x:" + key).getBytes(StandardCharsets.UTF_8)));
        return send(operators, "GET", path, all);
    }

    private HttpResponse<byte[]> asDevice(String path) throws Exception {
        return send(devices, "GET", path, Map.of("node", node));
    }

    private String path(String what) {
        return "/v2/" + customer + "/web/" + what;
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void tellsAStrangerToLogInAndAcceptsTheKeyAsAPassword() throws Exception {
        HttpResponse<byte[]> stranger = send(operators, "GET", "/v2/", NOTHING);
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(header(stranger, "www-authenticate")).startsWith("Basic realm=");
        assertThat(new String(stranger.body(), StandardCharsets.UTF_8)).contains("\"UNAUTHORIZED\"");
        assertThat(send(operators, "GET", "/v2/", Map.of("authorization", "Basic eDp5"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(get("/v2/", NOTHING).statusCode()).isEqualTo(200);
        assertThat(send(operators, "GET", "/v2/", Map.of("authorization", "Bearer " + key))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void anIndexHasTheSameBytesByTagAndByDigestAndNamesItsManifests() throws Exception {
        HttpResponse<byte[]> tagged = get(path("manifests/1"), NOTHING);
        assertThat(tagged.statusCode()).isEqualTo(200);
        assertThat(header(tagged, "content-type")).isEqualTo(TestImage.INDEX);
        String digest = header(tagged, "docker-content-digest");
        assertThat(digest).isEqualTo(Digest.of(tagged.body()).value());
        assertThat(get(path("manifests/latest"), NOTHING).body()).isEqualTo(tagged.body());
        assertThat(get(path("manifests/" + digest), NOTHING).body()).isEqualTo(tagged.body());
        assertThat(new String(tagged.body(), StandardCharsets.UTF_8))
                .contains(one.digest().value(), "\"amd64\"");
        assertThat(get(path("manifests/" + one.digest()), NOTHING).body()).isEqualTo(one.manifest());
        assertThat(get(path("manifests/" + digest), Map.of("if-none-match", "\"" + digest + "\""))
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void listsTagsInPages() throws Exception {
        imported("2");
        assertThat(new String(get(path("tags/list"), NOTHING).body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"name\":\"" + customer + "/web\",\"tags\":[\"1\",\"2\",\"latest\"]}");
        HttpResponse<byte[]> page = get(path("tags/list?n=1&last=1"), NOTHING);
        assertThat(new String(page.body(), StandardCharsets.UTF_8)).contains("[\"2\"]");
        assertThat(header(page, "link")).contains("n=1&last=2").contains("rel=\"next\"");
    }

    @Test
    void servesPartsOfBlobs() throws Exception {
        byte[] layer = TestContent.read(fleet.blobs, one.layer());
        String path = path("blobs/" + one.layer());
        HttpResponse<byte[]> whole = get(path, NOTHING);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(layer);
        assertThat(header(whole, "accept-ranges")).isEqualTo("bytes");

        HttpResponse<byte[]> part = get(path, Map.of("range", "bytes=5-"));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(layer, 5, layer.length));
        assertThat(header(part, "content-range")).isEqualTo("bytes 5-" + (layer.length - 1) + "/" + layer.length);
        assertThat(get(path, Map.of("range", "bytes=2-3")).body()).isEqualTo(Arrays.copyOfRange(layer, 2, 4));

        HttpResponse<byte[]> beyond = get(path, Map.of("range", "bytes=" + layer.length + "-"));
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(header(beyond, "content-range")).isEqualTo("bytes */" + layer.length);

        HttpResponse<byte[]> head = send(operators, "HEAD", path, Map.of("authorization", "apikey " + key));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "content-length")).isEqualTo(String.valueOf(layer.length));
        assertThat(head.body()).isEmpty();
    }

    @Test
    void whatIsNotThereAndWhatIsAnotherCustomersLookTheSame() throws Exception {
        String other = fleet.customer("rival");
        String rival = fleet.key(other, "rival").secret();
        for (String what : List.of(
                "manifests/1", "manifests/" + one.digest(), "blobs/" + one.layer(), "tags/list", "manifests/latest")) {
            Map<String, String> asRival = Map.of("authorization", "Bearer " + rival);
            HttpResponse<byte[]> there = send(operators, "GET", path(what), asRival);
            HttpResponse<byte[]> absent = send(operators, "GET", "/v2/" + other + "/web/" + what, asRival);
            assertThat(there.statusCode()).as(what).isEqualTo(404);
            assertThat(there.body()).as(what).isEqualTo(absent.body());
        }
        assertThat(get(path("manifests/9"), NOTHING).statusCode()).isEqualTo(404);
        assertThat(get("/v2/../../etc/passwd", NOTHING).statusCode()).isIn(400, 404);
        assertThat(get(path("blobs/sha256:" + "0".repeat(64)), NOTHING).statusCode())
                .isEqualTo(404);
    }

    @Test
    void pushesAreRefused() throws Exception {
        HttpResponse<byte[]> push =
                send(operators, "POST", path("blobs/uploads/"), Map.of("authorization", "apikey " + key));
        assertThat(push.statusCode()).isEqualTo(405);
        assertThat(header(push, "allow")).isEqualTo("GET, HEAD");
        assertThat(new String(push.body(), StandardCharsets.UTF_8)).contains("UNSUPPORTED");
    }

    @Test
    void aDeviceReadsWhatItsPresentAndItsPreviousWorkloadReachAndNothingElse() throws Exception {
        assertThat(asDevice(path("manifests/" + one.digest())).statusCode()).isEqualTo(404);
        assertThat(asDevice(path("blobs/" + one.layer())).statusCode()).isEqualTo(404);

        fleet.instances.add(service, node, Selector.LATEST, Caller.everything(FleetFixture.TESTER));
        assertThat(asDevice(path("manifests/" + one.digest())).body()).isEqualTo(one.manifest());
        assertThat(asDevice(path("blobs/" + one.layer())).statusCode()).isEqualTo(200);
        assertThat(asDevice(path("blobs/" + two.layer())).statusCode()).isEqualTo(404);

        imported("2");
        assertThat(asDevice(path("blobs/" + two.layer())).statusCode()).isEqualTo(200);
        assertThat(asDevice(path("blobs/" + one.layer())).statusCode()).isEqualTo(200);

        imported("3");
        assertThat(asDevice(path("blobs/" + three.layer())).statusCode()).isEqualTo(200);
        assertThat(asDevice(path("blobs/" + two.layer())).statusCode()).isEqualTo(200);
        assertThat(asDevice(path("blobs/" + one.layer())).statusCode()).isEqualTo(404);
        assertThat(asDevice(path("manifests/" + one.digest())).statusCode()).isEqualTo(404);

        assertThat(asDevice(path("manifests/3")).statusCode()).isEqualTo(404);
        assertThat(asDevice(path("tags/list")).statusCode()).isEqualTo(404);
        assertThat(asDevice("/v2/" + customer + "/other/blobs/" + three.layer()).statusCode())
                .isEqualTo(404);
        String neighbour = fleet.node(customer, "neighbour", Architecture.AMD64);
        assertThat(send(devices, "GET", path("blobs/" + three.layer()), Map.of("node", neighbour))
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(devices, "GET", "/v2/", NOTHING).statusCode()).isEqualTo(401);
    }

    /** It went back to version 1 each time, and may have to fetch it again. */
    @Test
    void aDeviceReadsWhatItRunsHoweverOftenItWasToldSomethingElseSince() throws Exception {
        String instance = fleet.instances.add(service, node, Selector.LATEST, Caller.everything(FleetFixture.TESTER));
        fleet.runs(node, instance, one.digest());
        imported("2");
        imported("3");
        imported("2");

        assertThat(asDevice(path("blobs/" + one.layer())).statusCode()).isEqualTo(200);

        fleet.runs(node, instance, two.digest());
        imported("3");
        imported("2");
        assertThat(asDevice(path("blobs/" + one.layer())).statusCode()).isEqualTo(404);
    }

    @Test
    void aDeviceReadsNothingForSayingThatItRunsIt() throws Exception {
        imported("3");
        imported("1");
        String instance = fleet.instances.add(service, node, Selector.LATEST, Caller.everything(FleetFixture.TESTER));
        fleet.runs(node, instance, three.digest());
        imported("2");
        imported("1");

        assertThat(asDevice(path("blobs/" + three.layer())).statusCode()).isEqualTo(404);
    }
}
