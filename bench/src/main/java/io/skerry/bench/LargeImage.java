package io.skerry.bench;

import io.skerry.lab.SourceRegistry;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image with one layer of busybox and files that can't be compressed; it sleeps. The same bytes each time.
 *
 * @param megabytes how large the layer is, about
 */
record LargeImage(int megabytes) {
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final int MEGABYTE = 1 << 20;

    /**
     * Pushes it into a registry that runs.
     *
     * @return its reference
     */
    String push(Workplace place, SourceRegistry registry) {
        String reference = registry.reference("large", "1");
        place.inFolder(folder -> {
            Path layout = folder.resolve("layout");
            writeLayout(layout, BenchLab.architecture());
            Path login = folder.resolve("login.json");
            place.tools()
                    .runWithInput(
                            registry.password(),
                            "skopeo",
                            "login",
                            "--authfile=" + login,
                            "--tls-verify=false",
                            "--username=" + SourceRegistry.USER,
                            "--password-stdin",
                            registry.host());
            place.tools()
                    .attempt(
                            "",
                            Duration.ofMinutes(5),
                            List.of(
                                    "skopeo",
                                    "--insecure-policy",
                                    "copy",
                                    "--quiet",
                                    "--dest-tls-verify=false",
                                    "--authfile=" + login,
                                    "oci:" + layout + ":large",
                                    "docker://" + reference))
                    .orFail();
        });
        return reference;
    }

    private void writeLayout(Path layout, Architecture architecture) {
        try {
            Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
            Path layer = blobs.resolve("layer");
            Digest diffId;
            try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(layer));
                    GZIPOutputStream gzip = new FastGzip(file);
                    DigestOutputStream hashed = new DigestOutputStream(gzip, Digest.sha256())) {
                writeTar(hashed);
                diffId = Digest.of(hashed.getMessageDigest());
            }
            long size = Files.size(layer);
            Digest layerDigest = digestOf(layer);
            Files.move(layer, blobs.resolve(layerDigest.hex()));
            byte[] config = utf8("""
                    {"architecture":"%s","os":"linux","config":{"Entrypoint":["/bin/busybox","sleep","1000000"]},\
                    "rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(architecture.ociArchitecture(), diffId));
            byte[] manifest = utf8("""
                    {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                    "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},\
                    "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}]}""".formatted(Digest.of(config), config.length, layerDigest, size));
            byte[] index = utf8("""
                    {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                    "digest":"%s","size":%d,"annotations":{"org.opencontainers.image.ref.name":"large"}}]}""".formatted(Digest.of(manifest), manifest.length));
            Files.write(blobs.resolve(Digest.of(config).hex()), config);
            Files.write(blobs.resolve(Digest.of(manifest).hex()), manifest);
            Files.write(layout.resolve("index.json"), index);
            Files.write(layout.resolve("oci-layout"), utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeTar(OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
        put(tar, "bin/busybox", Files.readAllBytes(BUSYBOX));
        Random random = new Random(megabytes);
        byte[] content = new byte[MEGABYTE];
        for (int i = 0; i < megabytes; i++) {
            random.nextBytes(content);
            put(tar, "data/part-" + i, content);
        }
        tar.finish();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(0755);
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static Digest digestOf(Path file) throws IOException {
        try (DigestOutputStream hashed = new DigestOutputStream(OutputStream.nullOutputStream(), Digest.sha256())) {
            Files.copy(file, hashed);
            return Digest.of(hashed.getMessageDigest());
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Hard work would be wasted on random bytes. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
