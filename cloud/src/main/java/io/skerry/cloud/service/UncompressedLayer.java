package io.skerry.cloud.service;

import com.github.luben.zstd.ZstdInputStream;
import io.skerry.cloud.blob.Blobs;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;

/**
 * What a layer is without its compression.
 *
 * @param diffId the digest of the archive
 * @param bytes how many it has
 */
record UncompressedLayer(Digest diffId, long bytes) {
    private static final int BUFFER = 64 << 10;
    /** More than this is a bomb, or nothing that a far-edge device could hold. */
    private static final long MOST_BYTES = 32L << 30;

    /**
     * Reads a stored layer through, whether it is gzip, zstd or plain.
     *
     * @param image whose layer it is, for messages
     * @throws io.skerry.spec.ProblemException {@code image.corrupt}, {@code image.too-large}, and when it can't be read those of {@link Blobs}
     */
    static UncompressedLayer of(Blobs blobs, Digest layer, String image) {
        MessageDigest hash = Digest.sha256();
        long bytes = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = uncompressed(new BufferedInputStream(blobs.open(layer), BUFFER))) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hash.update(buffer, 0, n);
                bytes += n;
                if (bytes > MOST_BYTES) {
                    throw new Problem(
                                    "image.too-large",
                                    "The layer " + layer + " of " + image + " has more than " + MOST_BYTES
                                            + " bytes when uncompressed.",
                                    "Make it smaller.")
                            .asException();
                }
            }
        } catch (IOException e) {
            throw new Problem(
                            "image.corrupt",
                            "The image " + image + " is damaged: its layer " + layer + " can't be uncompressed.",
                            "Build it and push it again.")
                    .asException(e);
        }
        return new UncompressedLayer(Digest.of(hash), bytes);
    }

    private static InputStream uncompressed(BufferedInputStream in) throws IOException {
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            return new GZIPInputStream(in, BUFFER);
        }
        boolean zstd = magic.length == 4
                && magic[0] == 0x28
                && magic[1] == (byte) 0xb5
                && magic[2] == 0x2f
                && magic[3] == (byte) 0xfd;
        return zstd ? new ZstdInputStream(in) : in;
    }
}
