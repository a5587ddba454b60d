package io.skerry.lab;

import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image that is made on this machine out of its static busybox and a shell script, so that a demo needs no internet: it
 * serves one page on port 8080 and says a line every ten seconds. The same version is the same bytes.
 *
 * @param version the number that it shows
 * @param breakage what it does wrong
 */
public record SampleImage(int version, Breakage breakage) {
    /** Where it answers. */
    public static final int PORT = 8080;

    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final List<String> APPLETS = List.of(
            "sh",
            "httpd",
            "sleep",
            "hostname",
            "echo",
            "cat",
            "ls",
            "ps",
            "mkdir",
            "wget",
            "reboot",
            "poweroff",
            "id",
            "df");

    /**
     * Writes it as an OCI image layout with the tag {@code sample}.
     *
     * @throws ProblemException {@code host.busybox-missing}
     */
    public void writeLayout(Path folder, Architecture architecture) {
        if (!Files.isReadable(BUSYBOX)) {
            throw new Problem(
                            "host.busybox-missing",
                            "The sample image is made of " + BUSYBOX + ", and this machine has none.",
                            "Run: apt-get install -y --no-install-recommends busybox-static")
                    .asException();
        }
        try {
            byte[] tar = tar();
            byte[] layer = gzip(tar);
            byte[] config = bytes("""
                    {"architecture":"%s","os":"linux"%s,"created":"2026-01-01T00:00:00Z",\
                    "config":{"Entrypoint":["/bin/sh","/app/hello"],"Env":["PATH=/bin"],"WorkingDir":"/app",\
                    "ExposedPorts":{"%d/tcp":{}},"Labels":{"org.opencontainers.image.version":"%d"}},\
                    "rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(
                    architecture.ociArchitecture(),
                    architecture.ociVariant().isEmpty() ? "" : ",\"variant\":\"" + architecture.ociVariant() + "\"",
                    PORT,
                    version,
                    Digest.of(tar)));
            byte[] manifest = bytes("""
                    {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                    "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},\
                    "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}]}""".formatted(Digest.of(config), config.length, Digest.of(layer), layer.length));
            byte[] index = bytes("""
                    {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                    "digest":"%s","size":%d,"annotations":{"org.opencontainers.image.ref.name":"sample"}}]}""".formatted(Digest.of(manifest), manifest.length));
            Path blobs = Files.createDirectories(folder.resolve("blobs/sha256"));
            for (byte[] blob : List.of(layer, config, manifest)) {
                Files.write(blobs.resolve(Digest.of(blob).hex()), blob);
            }
            Files.write(folder.resolve("index.json"), index);
            Files.write(folder.resolve("oci-layout"), bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] tar() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            for (String folder : List.of("bin/", "app/", "dev/", "proc/", "sys/", "run/", "etc/", "tmp/", "host/")) {
                put(tar, new TarArchiveEntry(folder), folder.equals("tmp/") ? 01777 : 0755, new byte[0]);
            }
            put(tar, new TarArchiveEntry("bin/busybox"), 0755, Files.readAllBytes(BUSYBOX));
            for (String applet : APPLETS) {
                TarArchiveEntry link = new TarArchiveEntry("bin/" + applet, TarArchiveEntry.LF_SYMLINK);
                link.setLinkName("busybox");
                put(tar, link, 0777, new byte[0]);
            }
            put(tar, new TarArchiveEntry("etc/passwd"), 0644, bytes("root:x:0:0:root:/:/bin/sh\n"));
            put(tar, new TarArchiveEntry("etc/group"), 0644, bytes("root:x:0:\n"));
            put(tar, new TarArchiveEntry("app/hello"), 0755, bytes(script()));
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode, byte[] content)
            throws IOException {
        entry.setMode(mode);
        entry.setModTime(0);
        entry.setIds(0, 0);
        if (entry.isFile()) {
            entry.setSize(content.length);
        }
        tar.putArchiveEntry(entry);
        if (entry.isFile()) {
            tar.write(content);
        }
        tar.closeArchiveEntry();
    }

    private String script() {
        String serve = """
                mkdir -p /run/www
                echo "hello from version $version on $(hostname)" >/run/www/index.html
                httpd -p %d -h /run/www
                """.formatted(PORT);
        String live = """
                n=0
                while :; do
                  n=$((n + 1))
                  echo "hello, version $version, line $n"
                  sleep 10
                done
                """;
        String body = switch (breakage) {
            case NONE -> serve + live;
            case EXITS -> """
                    echo "hello, version $version: I can't find my configuration and give up" >&2
                    exit 3
                    """;
            case UNHEALTHY -> live;
            case HUNGRY -> serve + """
                    echo "hello, version $version: I am hungry"
                    sleep 3
                    eaten=xxxxxxxxxxxxxxxx
                    while :; do eaten=$eaten$eaten; done
                    """;
            case CRASH_LOOP -> serve + """
                    echo "hello, version $version: I will fall over"
                    sleep 3
                    exit 1
                    """;
        };
        return "#!/bin/sh\n# Skerry's sample service.\nversion=" + version + "\n" + body;
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
