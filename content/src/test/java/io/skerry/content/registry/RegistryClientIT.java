package io.skerry.content.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.content.ContentStore;
import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageReference;
import io.skerry.content.tls.TlsContexts;
import io.skerry.content.unpack.LayerUnpacker;
import io.skerry.content.unpack.UnpackLimits;
import io.skerry.spec.Architecture;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Debian's docker-registry behind htpasswd, with an image that umoci made and skopeo pushed. */
class RegistryClientIT {
    @TempDir
    private static Path shared;

    private static Process registry;
    private static int port;

    @TempDir
    private Path temp;

    private final List<HttpAsk> asks = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        port = freePort();
        Files.writeString(shared.resolve("htpasswd"), run("htpasswd", "-Bbn", "dev", "secret"));
        Files.writeString(shared.resolve("config.yml"), """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d"}
                auth: {htpasswd: {realm: test, path: %s}}
                """.formatted(
                        shared.resolve("registry"), port, shared.resolve("htpasswd")));
        registry = new ProcessBuilder(
                        "docker-registry", "serve", shared.resolve("config.yml").toString())
                .redirectErrorStream(true)
                .redirectOutput(shared.resolve("registry.log").toFile())
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(RegistryClientIT::answers);
        String image = shared.resolve("img") + ":1";
        run("umoci", "init", "--layout", shared.resolve("img").toString());
        run("umoci", "new", "--image", image);
        run("umoci", "unpack", "--image", image, shared.resolve("bundle").toString());
        Path root = shared.resolve("bundle/rootfs");
        Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("busybox"));
        run("umoci", "repack", "--image", image, shared.resolve("bundle").toString());
        run("umoci", "config", "--image", image, "--config.cmd", "/bin/sh", "--architecture", "amd64");
        run(
                "skopeo",
                "copy",
                "--dest-tls-verify=false",
                "--dest-creds",
                "dev:secret",
                "oci:" + image,
                "docker://127.0.0.1:" + port + "/edge/web:1");
        run(
                "skopeo",
                "copy",
                "--format",
                "v2s2",
                "--dest-tls-verify=false",
                "--dest-creds",
                "dev:secret",
                "oci:" + image,
                "docker://127.0.0.1:" + port + "/edge/web:docker");
    }

    @AfterAll
    static void stop() {
        registry.destroyForcibly();
    }

    @Test
    void pullsAnImageThatUnpacks() throws Exception {
        try (JdkHttpTransport transport = transport()) {
            for (String tag : List.of("1", "docker")) {
                RegistryClient client = client(transport, "secret");
                RemoteImage image = client.image(reference(tag), Architecture.AMD64);
                ContentStore store = ContentStore.open(temp.resolve("content"));
                assertThat(image.config().command()).containsExactly("/bin/sh");
                for (int i = 0; i < image.manifest().layers().size(); i++) {
                    Descriptor layer = image.manifest().layers().get(i);
                    if (!store.has(layer.digest())) {
                        fetch(client, store, layer);
                    }
                    try (InputStream in = store.open(layer.digest())) {
                        new LayerUnpacker(UnpackLimits.ofBytes(1 << 28))
                                .unpack(in, image.config().diffIds().get(i), temp.resolve("layer"));
                    }
                }
                assertThat(temp.resolve("layer/bin/busybox")).hasSameBinaryContentAs(Path.of("/bin/busybox"));
                assertThat(client.digest(reference(tag)))
                        .isEqualTo(image.resolved().digest());
            }
        }
    }

    @Test
    void resumesWhereATruncatedFetchStopped() throws Exception {
        try (JdkHttpTransport transport = transport()) {
            RegistryClient client = client(transport, "secret");
            Descriptor layer = client.image(reference("1"), Architecture.AMD64)
                    .manifest()
                    .layers()
                    .getFirst();
            ContentStore whole = ContentStore.open(temp.resolve("whole"));
            fetch(client, whole, layer);
            ContentStore store = ContentStore.open(temp.resolve("content"));
            int there = (int) layer.size() / 2;
            try (ContentStore.Partial partial = store.partial(layer.digest(), layer.size())) {
                partial.write(java.util.Arrays.copyOf(whole.read(layer.digest(), (int) layer.size()), there));
            }
            asks.clear();

            List<Long> progress = fetch(client, store, layer);

            assertThat(asks).hasSize(1);
            assertThat(asks.getFirst().headers()).containsEntry("Range", "bytes=" + there + "-");
            assertThat(progress.getFirst()).isGreaterThan(there);
            assertThat(progress.getLast()).isEqualTo(layer.size());
            assertThat(store.has(layer.digest())).isTrue();
        }
    }

    @Test
    void tellsWhatIsWrong() {
        try (JdkHttpTransport transport = transport()) {
            refused("registry.unauthorized", () -> client(transport, "wrong").manifest(reference("1")));
            refused(
                    "registry.unauthorized",
                    () -> new RegistryClient(
                                    transport, RegistryAccess.anonymous().overPlainHttp())
                            .manifest(reference("1")));
            refused("registry.not-found", () -> client(transport, "secret").manifest(reference("missing")));
            refused(
                    "image.architecture-missing",
                    () -> client(transport, "secret").image(reference("1"), Architecture.ARM64));
            // TLS towards a server that has none fails at once instead of being tried again and again.
            refused(
                    "registry.unreachable",
                    () -> new RegistryClient(transport, RegistryAccess.anonymous()).manifest(reference("1")));
        }
    }

    private static List<Long> fetch(RegistryClient client, ContentStore store, Descriptor layer) {
        List<Long> progress = new CopyOnWriteArrayList<>();
        try (ContentStore.Partial partial = store.partial(layer.digest(), layer.size())) {
            client.blob(reference("1"), layer, partial, progress::add);
        }
        return progress;
    }

    private RegistryClient client(JdkHttpTransport transport, String password) {
        HttpTransport watched = ask -> {
            asks.add(ask);
            return transport.send(ask);
        };
        return new RegistryClient(
                watched, RegistryAccess.as(new Credentials("dev", password)).overPlainHttp());
    }

    private static JdkHttpTransport transport() {
        return new JdkHttpTransport(TlsContexts.system(), Duration.ofSeconds(5));
    }

    private static ImageReference reference(String tag) {
        return ImageReference.parse("127.0.0.1:" + port + "/edge/web:" + tag);
    }

    private static void refused(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.problem().message()).contains("/edge/web"));
    }

    private static boolean answers() {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/v2/").toURL().openConnection();
            return connection.getResponseCode() == 401;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        try (OutputStream in = process.getOutputStream()) {
            in.flush();
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(errors).isZero();
        return output;
    }
}
