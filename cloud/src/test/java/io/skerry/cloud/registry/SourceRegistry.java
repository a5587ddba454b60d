package io.skerry.cloud.registry;

import static org.awaitility.Awaitility.await;

import io.skerry.cloud.service.TestImage;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Debian's docker-registry behind a password, on a port of its own. */
public final class SourceRegistry implements AutoCloseable {
    public static final String USER = "dev";
    public static final String PASSWORD = "secret";

    private final Path folder;
    private final int port;
    private final Process process;

    public SourceRegistry(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path passwords = folder.resolve("htpasswd");
        Files.writeString(passwords, run("htpasswd", "-Bbn", USER, PASSWORD));
        Files.writeString(folder.resolve("config.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d"}
                auth: {htpasswd: {realm: test, path: %s}}
                """.formatted(folder.resolve("data"), port, passwords));
        process = new ProcessBuilder(
                        "docker-registry", "serve", folder.resolve("config.yml").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        await().until(this::listens);
    }

    private boolean listens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public String host() {
        return "127.0.0.1:" + port;
    }

    /** Pushes an index of images under a tag, from an OCI layout. */
    public void push(String name, Map<Architecture, TestImage> images) throws Exception {
        Path layout = Files.createTempDirectory(folder, "layout");
        Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
        byte[] index = TestImage.index(images);
        write(blobs, index);
        for (TestImage image : images.values()) {
            write(blobs, image.manifest());
            for (byte[] blob : image.blobs().values()) {
                write(blobs, blob);
            }
        }
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.writeString(
                layout.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"" + TestImage.INDEX + "\",\"digest\":\""
                        + Digest.of(index) + "\",\"size\":" + index.length
                        + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"1\"}}]}");
        String pushed = run(
                "skopeo",
                "copy",
                "--all",
                "--dest-tls-verify=false",
                "--dest-creds",
                USER + ":" + PASSWORD,
                "oci:" + layout + ":1",
                "docker://" + host() + "/" + name);
        assertPushed(pushed);
    }

    private static void assertPushed(String output) {
        if (output.isBlank()) {
            throw new AssertionError("skopeo said nothing");
        }
    }

    private static void write(Path blobs, byte[] bytes) throws IOException {
        Files.write(blobs.resolve(Digest.of(bytes).hex()), bytes);
    }

    /** What a program says; it must succeed. */
    static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError(new ArrayList<>(List.of(command)) + " failed: " + output);
        }
        return output;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
