package io.skerry.device.image;

import io.skerry.content.oci.Descriptor;
import io.skerry.content.oci.ImageConfig;
import io.skerry.content.oci.Manifest;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Image;
import java.util.ArrayList;
import java.util.List;

/**
 * An image whose manifest and configuration are known.
 *
 * @param config names as many layers as the manifest
 */
record ImageParts(Image image, Manifest manifest, ImageConfig config) {
    /**
     * One layer.
     *
     * @param blob how it is fetched
     * @param diffId by which it is known when it is unpacked
     * @param unpackedBytes what it will take then, about
     */
    record Layer(Descriptor blob, Digest diffId, long unpackedBytes) {}

    /** A compressed layer grows to this many times its size, when nobody said to what. */
    private static final long USUAL_GROWTH = 3;

    private static final long MOST_BYTES = 1L << 50;

    /** Lowest first. */
    List<Layer> layers() {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < manifest.layers().size(); i++) {
            Descriptor blob = manifest.layers().get(i);
            layers.add(new Layer(blob, config.diffIds().get(i), unpackedBytes(blob)));
        }
        return layers;
    }

    /** Only the whole image's size is known: each layer is taken to be packed as well as the others. */
    private long unpackedBytes(Descriptor blob) {
        long compressed = Math.max(
                1, manifest.layers().stream().mapToLong(ImageParts::size).sum());
        double share = (double) size(blob) / compressed;
        long unpacked =
                image.unpackedBytes() > 0 ? Math.min(MOST_BYTES, image.unpackedBytes()) : USUAL_GROWTH * compressed;
        return withOverhead((long) Math.ceil(share * unpacked));
    }

    /** Files end in the middle of blocks, and folders take some. */
    private static long withOverhead(long bytes) {
        return bytes + bytes / 16 + (64 << 10);
    }

    static long size(Descriptor blob) {
        return Math.min(MOST_BYTES, blob.size());
    }
}
