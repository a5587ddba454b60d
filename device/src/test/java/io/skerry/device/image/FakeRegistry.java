package io.skerry.device.image;

import io.skerry.content.oci.MediaTypes;
import io.skerry.content.registry.HttpAnswer;
import io.skerry.content.registry.HttpAsk;
import io.skerry.content.registry.HttpTransport;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Image;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A registry in memory, behind the transport. */
public final class FakeRegistry implements HttpTransport {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    /** Bytes of a blob after which the connection breaks; once. */
    private final Map<String, Integer> breaking = new HashMap<>();

    /** Adds an image whose layers each hold one file of this content. */
    Image image(String os, String architecture, String... files) throws IOException {
        List<byte[]> tars = new ArrayList<>();
        for (String file : files) {
            tars.add(tar("file-" + file, file.getBytes(StandardCharsets.UTF_8)));
        }
        return image(os, architecture, tars, 1000);
    }

    /** Adds an image of one layer that isn't an archive. */
    Image imageOf(byte[] archive) throws IOException {
        return image("linux", "amd64", List.of(archive), 1000);
    }

    /** Adds an image whose layers each hold one file of random bytes, so that packing makes them no smaller. */
    Image incompressible(long seed, int... sizes) throws IOException {
        RandomGenerator random = new Random(seed);
        List<byte[]> tars = new ArrayList<>();
        long all = 0;
        for (int size : sizes) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            tars.add(tar("random", content));
            all += size;
        }
        return image("linux", "amd64", tars, all);
    }

    private Image image(String os, String architecture, List<byte[]> tars, long unpacked) throws IOException {
        return image("customer/web", os, architecture, "\"Cmd\":[\"/bin/sh\"]", tars, unpacked);
    }

    /**
     * Adds an image.
     *
     * @param config what is in its configuration's {@code config}, as JSON
     * @param tars its layers, lowest first
     */
    public Image image(
            String repository, String os, String architecture, String config, List<byte[]> tars, long unpacked)
            throws IOException {
        List<String> layers = new ArrayList<>();
        List<String> diffIds = new ArrayList<>();
        for (byte[] tar : tars) {
            diffIds.add("\"" + Digest.of(tar) + "\"");
            layers.add(descriptor("application/vnd.oci.image.layer.v1.tar+gzip", add(gzip(tar))));
        }
        byte[] document = """
                {"os":"%s","architecture":"%s","config":{%s},"rootfs":{"type":"layers","diff_ids":[%s]}}""".formatted(os, architecture, config, String.join(",", diffIds))
                .getBytes(StandardCharsets.UTF_8);
        byte[] manifest = """
                {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}""".formatted(
                        MediaTypes.OCI_MANIFEST,
                        descriptor(MediaTypes.OCI_CONFIG, add(document)),
                        String.join(",", layers))
                .getBytes(StandardCharsets.UTF_8);
        return new Image(repository, add(manifest), manifest.length + 1000, unpacked);
    }

    /** Takes an image over as another registry has it. */
    public void take(FakeRegistry other, Digest manifest) {
        other.parts(manifest).forEach(d -> blobs.put(d.value(), other.blob(d)));
    }

    /** Has one byte of a blob wrong, or right again. */
    public void corrupt(Digest digest) {
        byte[] bytes = blob(digest).clone();
        bytes[bytes.length / 2] ^= 1;
        blobs.put(digest.value(), bytes);
    }

    /** Of what an image consists: manifest, configuration and layers' blobs. */
    public Set<Digest> parts(Digest manifest) {
        Set<Digest> parts = new HashSet<>(Set.of(manifest));
        DIGEST.matcher(new String(blob(manifest), StandardCharsets.UTF_8))
                .results()
                .forEach(m -> parts.add(new Digest(m.group())));
        return parts;
    }

    void breakAfter(Digest digest, int bytes) {
        breaking.put(digest.value(), bytes);
    }

    List<Digest> layers(Image image) {
        return layers(image.manifest());
    }

    /** An image's layers, as they travel, lowest first. */
    public List<Digest> layers(Digest digest) {
        String manifest = new String(blob(digest), StandardCharsets.UTF_8);
        return Arrays.stream(manifest.substring(manifest.indexOf("\"layers\"")).split("\"digest\":\""))
                .skip(1)
                .map(s -> new Digest(s.substring(0, 71)))
                .toList();
    }

    @Override
    public HttpAnswer send(HttpAsk ask) {
        String path = ask.uri().getPath();
        asked.add(ask.method() + " " + path.substring(path.lastIndexOf('/') + 1) + " "
                + ask.headers().getOrDefault("Range", ""));
        String digest = path.substring(path.lastIndexOf('/') + 1);
        byte[] bytes = blobs.get(digest);
        if (bytes == null) {
            return new HttpAnswer(404, Map.of(), new ByteArrayInputStream(new byte[0]));
        }
        int from = ask.headers().entrySet().stream()
                .filter(h -> h.getKey().equalsIgnoreCase("Range"))
                .map(h -> Integer.parseInt(h.getValue().replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("Content-Length", List.of(Integer.toString(bytes.length - from)));
        if (from > 0) {
            headers.put("Content-Range", List.of("bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length));
        }
        if (path.contains("/manifests/")) {
            headers.put("Content-Type", List.of(MediaTypes.OCI_MANIFEST));
        }
        Integer most = breaking.remove(digest);
        InputStream body = new ByteArrayInputStream(bytes, from, bytes.length - from);
        return new HttpAnswer(from > 0 ? 206 : 200, headers, most == null ? body : new Broken(body, most));
    }

    private byte[] blob(Digest digest) {
        return Objects.requireNonNull(blobs.get(digest.value()));
    }

    private Digest add(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        blobs.put(digest.value(), bytes);
        return digest;
    }

    private String descriptor(String type, Digest digest) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}".formatted(type, digest, blob(digest).length);
    }

    private static byte[] tar(String name, byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            var entry = new TarArchiveEntry(name);
            entry.setSize(content.length);
            entry.setModTime(0);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    /** Ends with an error after some bytes. */
    private static final class Broken extends InputStream {
        private final InputStream in;
        private int left;

        private Broken(InputStream in, int left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            if (left-- <= 0) {
                throw new IOException("connection reset");
            }
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int b = length == 0 ? -1 : read();
            if (b < 0) {
                return length == 0 ? 0 : -1;
            }
            buffer[offset] = (byte) b;
            return 1;
        }
    }
}
