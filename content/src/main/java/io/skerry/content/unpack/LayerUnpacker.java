package io.skerry.content.unpack;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Unpacks image layers as overlayfs wants them, in one pass with small buffers.
 *
 * <p>Nothing outside the folder is touched, whatever the archive says. What was unpacked is not synced to the disk yet. When
 * a call fails, the folder is removed.
 */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
public final class LayerUnpacker {
    public LayerUnpacker(UnpackLimits limits) {}

    /**
     * Unpacks one layer: a tar archive, plain, gzip or zstd.
     *
     * @param layer not closed here
     * @param diffId what the uncompressed archive's digest must be
     * @param folder which must not exist or be empty; its parent must exist
     * @return how many bytes the files have
     * @throws ProblemException {@code image.corrupt}, {@code image.too-large}, {@code image.unsupported}, {@code disk.full},
     *     {@code disk.failed}
     */
    public long unpack(InputStream layer, Digest diffId, Path folder) {
        throw new UnsupportedOperationException();
    }
}
