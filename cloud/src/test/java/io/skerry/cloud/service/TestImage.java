package io.skerry.cloud.service;

import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A small image made in memory.
 *
 * @param manifest its JSON
 * @param blobs its configuration and its one layer, by digest
 * @param layer the digest of the layer
 * @param unpacked how many bytes the layer has when uncompressed
 */
@SuppressWarnings("ArrayRecordComponent")
public record TestImage(byte[] manifest, Map<Digest, byte[]> blobs, Digest layer, long unpacked) {
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";

    /** An image whose layer holds one file of this text. */
    public static TestImage of(Architecture architecture, String text) {
        byte[] archive = archive(text);
        return of(architecture, archive, Digest.of(archive));
    }

    /** The same, but its configuration tells a lie of its layer. */
    static TestImage lying(Architecture architecture, String text) {
        return of(architecture, archive(text), Digest.of(new byte[] {1}));
    }

    private static TestImage of(Architecture architecture, byte[] archive, Digest diffId) {
        byte[] layer = gzip(archive);
        String variant =
                architecture.ociVariant().isEmpty() ? "" : ",\"variant\":\"" + architecture.ociVariant() + "\"";
        byte[] config = ("{\"os\":\"linux\",\"architecture\":\"" + architecture.ociArchitecture() + "\"" + variant
                        + ",\"config\":{\"Cmd\":[\"/run.sh\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                        + diffId
                        + "\"]}}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] manifest = ("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":"
                        + descriptor("application/vnd.oci.image.config.v1+json", config, "") + ",\"layers\":["
                        + descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer, "") + "]}")
                .getBytes(StandardCharsets.UTF_8);
        Map<Digest, byte[]> blobs = new LinkedHashMap<>();
        blobs.put(Digest.of(config), config);
        blobs.put(Digest.of(layer), layer);
        return new TestImage(manifest, blobs, Digest.of(layer), archive.length);
    }

    /** The digest of the manifest. */
    public Digest digest() {
        return Digest.of(manifest);
    }

    /** An index of images. */
    public static byte[] index(Map<Architecture, TestImage> images) {
        StringBuilder entries = new StringBuilder();
        images.forEach((architecture, image) -> entries.append(entries.isEmpty() ? "" : ",")
                .append(descriptor(
                        MANIFEST,
                        image.manifest,
                        ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture.ociArchitecture()
                                + "\""
                                + (architecture.ociVariant().isEmpty()
                                        ? ""
                                        : ",\"variant\":\"" + architecture.ociVariant() + "\"")
                                + "}")));
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + entries + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String descriptor(String mediaType, byte[] bytes, String more) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + Digest.of(bytes) + "\",\"size\":" + bytes.length
                + more + "}";
    }

    private static byte[] archive(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            var entry = new TarArchiveEntry("run.sh");
            entry.setSize(content.length);
            entry.setMode(0755);
            entry.setModTime(0L);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) {
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
